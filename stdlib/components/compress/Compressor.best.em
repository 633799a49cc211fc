// Lazy LZ77 over hash chains and codes fitted to the content: slow, and the fewest bytes.
//
// The stream is a sequence of blocks of at most TOKENS tokens, each with its own codes. A token is
// a literal byte, or a match as length << 16 | distance.

uses compress.BitWriter

component provides compress.Compressor requires compress.Tables tables {
    const int WINDOW = 32768
    const int LONGEST = 258
    const int LARGEST = 15          // bits of the table of chains
    const int TOKENS = 16384
    const int TRIES = 128           // places of a chain that are looked at
    const int ENOUGH = 128          // a match so long ends the search

    const int FAR = 4096            // three bytes from further away cost more than three literals

    const int LITERALS = 286        // symbols of the codes of a block, and of the code for these
    const int DISTANCES = 30
    const int LENGTHS = 19

    char[] Compressor:encoding() {
        return "gzip"
    }

    char[] Compressor:label() {
        return "gzip-best"
    }

    int crc(char content[]) {
        int table[] = tables.crc()
        int value = 0xffffffff
        for (int i = 0; i < content.arrayLength; i++) {
            value = table[(value ^ int(content[i])) & 255] ^ (value >> 8)
        }
        return value ^ 0xffffffff
    }

    void flush(BitWriter w) {
        while (w.count >= 8) {
            w.bytes[w.at] = char(w.bits & 255)
            w.at++
            w.bits = w.bits >> 8
            w.count -= 8
        }
    }

    void put(BitWriter w, int value, int bits) {
        w.bits = w.bits | (value << w.count)
        w.count += bits
        flush(w)
    }

    // The symbols that occur, the rarest first. Packed as frequency << 9 | symbol while they are
    // sorted, by gaps that shrink.
    int[] byFrequency(int frequency[]) {
        int used[] = new int[frequency.arrayLength]
        int count = 0
        for (int i = 0; i < frequency.arrayLength; i++) {
            if (frequency[i] > 0) {
                used[count] = (frequency[i] << 9) | i
                count++
            }
        }
        int gap = 121
        while (gap > 0) {
            for (int i = gap; i < count; i++) {
                int value = used[i]
                int hole = i
                while (hole >= gap && used[hole - gap] > value) {
                    used[hole] = used[hole - gap]
                    hole -= gap
                }
                used[hole] = value
            }
            gap = gap / 3
        }
        return used.slice(0, count)
    }

    // How many symbols get each code length in a Huffman code without a limit. `sorted` holds
    // frequencies in ascending order; two queues (leaves, inner nodes) give the lightest two.
    int[] depthCounts(int sorted[]) {
        int leaves = sorted.arrayLength
        int weight[] = new int[leaves]          // of inner nodes, in the order they are made
        int leafParent[] = new int[leaves]
        int innerParent[] = new int[leaves]
        int leaf = 0
        int inner = 0
        for (int made = 0; made < leaves - 1; made++) {
            int sum = 0
            for (int child = 0; child < 2; child++) {
                if (leaf < leaves && (inner == made || (sorted[leaf] >> 9) <= weight[inner])) {
                    sum += sorted[leaf] >> 9
                    leafParent[leaf] = made
                    leaf++
                } else {
                    sum += weight[inner]
                    innerParent[inner] = made
                    inner++
                }
            }
            weight[made] = sum
        }
        int counts[] = new int[leaves + 1]
        int depth[] = new int[leaves]           // of inner nodes; the last made is the root
        for (int node = leaves - 3; node >= 0; node -= 1) depth[node] = depth[innerParent[node]] + 1
        for (int i = 0; i < leaves; i++) counts[depth[leafParent[i]] + 1]++
        return counts
    }

    // Moves what is deeper than `limit` up to it, then makes the code fit again: each step takes
    // one code of the limit away and turns one shorter code into two of the next length.
    int[] limited(int counts[], int limit) {
        int result[] = new int[limit + 1]
        for (int depth = 1; depth < counts.arrayLength; depth++) {
            int at = depth > limit ? limit : depth
            result[at] += counts[depth]
        }
        int space = 0
        for (int depth = 1; depth <= limit; depth++) space += result[depth] << (limit - depth)
        while (space > (1 << limit)) {
            result[limit] -= 1
            int depth = limit - 1
            while (result[depth] == 0) depth -= 1
            result[depth] -= 1
            result[depth + 1] += 2
            space -= 1
        }
        return result
    }

    // The code length of each symbol; 0 for those that do not occur. One that is alone gets 1.
    int[] codeLengths(int frequency[], int limit) {
        int lengths[] = new int[frequency.arrayLength]
        int sorted[] = byFrequency(frequency)
        if (sorted.arrayLength == 0) return lengths
        if (sorted.arrayLength == 1) {
            lengths[sorted[0] & 511] = 1
            return lengths
        }
        int counts[] = limited(depthCounts(sorted), limit)
        int i = 0
        for (int depth = limit; depth > 0; depth -= 1) {
            for (int n = counts[depth]; n > 0; n -= 1) {
                lengths[sorted[i] & 511] = depth
                i++
            }
        }
        return lengths
    }

    int reversed(int code, int bits) {
        int result = 0
        for (int i = 0; i < bits; i++) result = result | (((code >> i) & 1) << (bits - 1 - i))
        return result
    }

    // Canonical codes, with their bits in the order of the stream.
    int[] codesFor(int lengths[]) {
        int counts[] = new int[16]
        foreach (int length in lengths) counts[length]++
        counts[0] = 0
        int next[] = new int[16]
        int code = 0
        for (int bits = 1; bits < 16; bits++) {
            code = (code + counts[bits - 1]) << 1
            next[bits] = code
        }
        int codes[] = new int[lengths.arrayLength]
        for (int i = 0; i < lengths.arrayLength; i++) {
            int bits = lengths[i]
            if (bits > 0) {
                codes[i] = reversed(next[bits], bits)
                next[bits]++
            }
        }
        return codes
    }

    // Code lengths as symbols of the third code, each with its extra bits at 5: repetitions of the
    // one before (16) and of zero (17, 18).
    int[] runLengths(int lengths[]) {
        int result[] = new int[lengths.arrayLength]
        int count = 0
        int i = 0
        while (i < lengths.arrayLength) {
            int value = lengths[i]
            int end = i + 1
            while (end < lengths.arrayLength && lengths[end] == value) end++
            int run = end - i
            if (value == 0 && run >= 3) {
                if (run > 138) run = 138
                if (run > 10) result[count] = 18 | ((run - 11) << 5)
                else result[count] = 17 | ((run - 3) << 5)
            } else if (value != 0 && i > 0 && lengths[i - 1] == value && run >= 3) {
                if (run > 6) run = 6
                result[count] = 16 | ((run - 3) << 5)
            } else {
                run = 1
                result[count] = value
            }
            count++
            i += run
        }
        return result.slice(0, count)
    }

    // How many of the lengths must be written, at least `least`.
    int upTo(int lengths[], int least) {
        int count = lengths.arrayLength
        while (count > least && lengths[count - 1] == 0) count -= 1
        return count
    }

    void writeHeader(BitWriter w, int literals[], int distances[]) {
        int order[] = new int[](16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15)
        int literalCount = upTo(literals, 257)
        int distanceCount = upTo(distances, 1)
        int both[] = new int[](literals.slice(0, literalCount), distances.slice(0, distanceCount))
        int runs[] = runLengths(both)
        int frequency[] = new int[LENGTHS]
        foreach (int symbol in runs) frequency[symbol & 31]++
        int lengths[] = codeLengths(frequency, 7)
        int codes[] = codesFor(lengths)
        int orderCount = LENGTHS
        while (orderCount > 4 && lengths[order[orderCount - 1]] == 0) orderCount -= 1
        put(w, literalCount - 257, 5)
        put(w, distanceCount - 1, 5)
        put(w, orderCount - 4, 4)
        for (int i = 0; i < orderCount; i++) put(w, lengths[order[i]], 3)
        foreach (int run in runs) {
            int symbol = run & 31
            put(w, codes[symbol], lengths[symbol])
            if (symbol == 16) put(w, run >> 5, 2)
            if (symbol == 17) put(w, run >> 5, 3)
            if (symbol == 18) put(w, run >> 5, 7)
        }
    }

    // One block. The bits that wait are kept in locals here, because they change with every token.
    void writeBlock(BitWriter w, int tokens[], int tokenCount, int literalFrequency[],
            int distanceFrequency[], bool isLast) {
        literalFrequency[256] = 1
        int literals[] = codeLengths(literalFrequency, 15)
        int distances[] = codeLengths(distanceFrequency, 15)
        put(w, isLast ? 5 : 4, 3)
        writeHeader(w, literals, distances)
        int literalCodes[] = codesFor(literals)
        int distanceCodes[] = codesFor(distances)
        int lengthSymbols[] = tables.lengthSymbols()
        int lengthBases[] = tables.lengthBases()
        int lengthExtras[] = tables.lengthExtras()
        int symbols[] = tables.distanceSymbols()
        int bases[] = tables.distanceBases()
        int extras[] = tables.distanceExtras()
        char target[] = w.bytes
        int at = w.at
        int bits = w.bits
        int count = w.count
        for (int i = 0; i < tokenCount; i++) {
            int token = tokens[i]
            if (token < 256) {
                bits = bits | (literalCodes[token] << count)
                count += literals[token]
            } else {
                int length = token >> 16
                int distance = token & 0xffff
                int symbol = lengthSymbols[length]
                bits = bits | (literalCodes[symbol] << count)
                count += literals[symbol]
                bits = bits | ((length - lengthBases[symbol - 257]) << count)
                count += lengthExtras[symbol - 257]
                int index = distance <= 256 ? distance - 1 : 256 + ((distance - 1) >> 7)
                symbol = symbols[index]
                bits = bits | (distanceCodes[symbol] << count)
                count += distances[symbol]
                bits = bits | ((distance - bases[symbol]) << count)
                count += extras[symbol]
            }
            while (count >= 8) {
                target[at] = char(bits & 255)
                at++
                bits = bits >> 8
                count -= 8
            }
        }
        w.at = at
        w.bits = bits
        w.count = count
        put(w, literalCodes[256], literals[256])
    }

    // The longest match at `i` that is longer than `least`, as a token; 0 if there is none.
    int longestMatch(char content[], int chain[], int first, int i, int least) {
        int size = content.arrayLength
        int most = size - i
        if (most > LONGEST) most = LONGEST
        int best = least
        int found = 0
        int place = first
        int oldest = i - WINDOW + 1
        if (oldest < 0) oldest = 0
        int tries = TRIES
        while (place >= oldest && tries > 0 && best < most) {
            if (content[place + best] == content[i + best] && content[place] == content[i]) {
                int length = 0
                while (length < most && content[place + length] == content[i + length]) length++
                if (length > best && (length > 3 || i - place <= FAR)) {
                    best = length
                    found = (length << 16) | (i - place)
                    if (length >= ENOUGH) break
                }
            }
            place = chain[place & (WINDOW - 1)] - 1
            tries -= 1
        }
        return found
    }

    int hashAt(char content[], int i, int mask) {
        return ((int(content[i]) << 10) ^ (int(content[i + 1]) << 5) ^ int(content[i + 2])) & mask
    }

    // Notes the positions from `start` up to `end`, which a match covers; returns `end`.
    int skip(char content[], int heads[], int chain[], int start, int end) {
        int mask = heads.arrayLength - 1
        int last = content.arrayLength - 3
        for (int i = start; i < end && i <= last; i++) {
            int h = hashAt(content, i, mask)
            chain[i & (WINDOW - 1)] = heads[h]
            heads[h] = i + 1
        }
        return end
    }

    void tally(int token, int lengths[], int distances[], int literalCounts[],
            int distanceCounts[]) {
        if (token < 256) {
            literalCounts[token]++
            return
        }
        int distance = token & 0xffff
        int index = distance <= 256 ? distance - 1 : 256 + ((distance - 1) >> 7)
        literalCounts[lengths[token >> 16]]++
        distanceCounts[distances[index]]++
    }

    // A match is held back by one position: if the next position has a longer one, the first byte
    // is written as a literal instead.
    void deflate(BitWriter w, char content[]) {
        int size = content.arrayLength
        int tableBits = 8
        while (tableBits < LARGEST && (1 << tableBits) < size) tableBits++
        int heads[] = new int[1 << tableBits]       // place + 1 of the last bytes with a hash
        int chain[] = new int[WINDOW]               // place + 1 of the ones before, by place
        int lengths[] = tables.lengthSymbols()
        int distances[] = tables.distanceSymbols()
        int tokens[] = new int[TOKENS]
        int count = 0
        int literalCounts[] = new int[LITERALS]
        int distanceCounts[] = new int[DISTANCES]
        int held = 0                                // the match at i - 1 that waits
        bool waiting = false                        // does the byte at i - 1 wait?
        int i = 0
        while (i < size || waiting) {
            int match = 0
            if (i + 3 <= size) {
                int h = hashAt(content, i, heads.arrayLength - 1)
                int first = heads[h] - 1
                chain[i & (WINDOW - 1)] = first + 1
                heads[h] = i + 1
                int least = held == 0 ? 2 : held >> 16
                if (first >= 0 && least < ENOUGH) {
                    match = longestMatch(content, chain, first, i, least)
                }
            }
            int token = -1
            if (held != 0 && match == 0) {
                token = held
                i = skip(content, heads, chain, i + 1, i - 1 + (held >> 16))
                held = 0
                waiting = false
            } else {
                if (waiting) token = int(content[i - 1])
                held = match
                waiting = i < size
                i++
            }
            if (token < 0) continue
            tokens[count] = token
            count++
            tally(token, lengths, distances, literalCounts, distanceCounts)
            if (count == TOKENS) {
                writeBlock(w, tokens, count, literalCounts, distanceCounts, false)
                count = 0
                literalCounts = new int[LITERALS]
                distanceCounts = new int[DISTANCES]
            }
        }
        writeBlock(w, tokens, count, literalCounts, distanceCounts, true)
        put(w, 0, 7)
        flush(w)
    }

    // A block has at most 300 bytes of codes, and a token at most 15 bits for a byte: no more than
    // twice the content for content that only just does not fit, far less for any real one.
    char[] Compressor:compress(char content[]) {
        int size = content.arrayLength
        BitWriter w = new BitWriter()
        w.bytes = new char[size * 2 + 1024]
        char header[] = "\x1f\x8b\x08\0\0\0\0\0\x02\xff"
        w.bytes.copy(0, header, 0, 10)
        w.at = 10
        deflate(w, content)
        w.bits = 0
        w.count = 0
        int check = crc(content)
        put(w, check & 0xffff, 16)
        put(w, check >> 16, 16)
        put(w, size & 0xffff, 16)
        put(w, (size >> 16) & 0xffff, 16)
        return w.bytes.slice(0, w.at)
    }
}
