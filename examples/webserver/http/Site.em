// Texts are sentences of words that are the more frequent the shorter they are, so they compress
// like prose; images are random bytes behind the first bytes of a JPEG, so they don't compress at
// all; small files are fragments of HTML, CSS and JavaScript.

uses data.String

component provides http.Site requires
        io.FileSystem files, util.Random, util.Checksum checksum, data.IntUtil numbers,
        data.StringUtil strings {
    const int TEXTS = 8
    const int IMAGES = 150
    const int SMALLS = 9000

    char[] wordList() {
        return new char[](
            "the of and to in is it that was for on are with as his they be at one have",
            " this from or had by hot but some what there we can out other were all your",
            " when up use word how said an each she which do their time if will way about",
            " many then them would write like so these her long make thing see him two has",
            " look more day could go come did my sound no most number who over know water",
            " than call first people may down side been now find any new work part take get",
            " place made live where after back little only round man year came show every",
            " good me give our under name very through just form much great think say help",
            " low line before turn cause same mean differ move right boy old too does tell",
            " sentence set three want air well also play small end put home read hand port",
            " large spell add even land here must big high such follow act why ask men",
            " change went light kind off need house picture try us again animal point",
            " mother world near build self earth father head stand own page should country",
            " found answer school grow study still learn plant cover food sun four thought",
            " let keep eye never last door between city tree cross since hard start might",
            " story saw far sea draw left late run while press close night real life few",
            " stop open seem together next white children begin got walk example ease paper",
            " often always music those both mark book letter until mile river car feet care",
            " second group carry took rain eat room friend began idea fish mountain north",
            " once base hear horse cut sure watch color face wood main enough plain girl",
            " usual young ready above ever red list though feel talk bird soon body dog",
            " family direct pose leave song measure state product black short numeral class",
            " wind question happen complete ship area half rock order fire south problem",
            " piece told knew pass farm top whole king size heard best hour better true",
            " during hundred remember step early hold west ground interest reach fast five",
            " sing listen six table travel less morning ten simple several vowel toward war",
            " lay against pattern slow center love person money serve appear road map",
            " science rule govern pull cold notice voice fall power town fine certain fly",
            " unit lead cry dark machine note wait plan figure star box noun field rest",
            " correct able pound done beauty drive stood contain front teach week final",
            " gave green quick develop sleep warm free minute strong special mind behind",
            " clear tail produce fact street inch lot nothing course stay wheel full force",
            " blue object decide surface deep moon island foot yet busy test record boat",
            " common gold possible plane age dry wonder laugh thousand ago ran check game",
            " shape yes hot miss brought heat snow bed bring sit perhaps fill east weight",
            " language among component interface emergent composition runtime adaptation",
            " perception environment distributed")
    }

    // Words of sentences with points, new lines now and then; `size` bytes in all.
    char[] prose(Random random, String words[], int size) {
        char text[] = new char[size]
        int at = 0
        int inSentence = 0
        while (at < size) {
            int limit = random.next(words.arrayLength) + 1
            char word[] = words[random.next(limit)].string
            int length = word.arrayLength
            if (length > size - at) length = size - at
            text.copy(at, word, 0, length)
            if (inSentence == 0 && text[at] >= 'a') text[at] = char(int(text[at]) - 32)
            at += length
            inSentence++
            bool ends = inSentence > 4 && random.next(9) == 0
            if (ends && at < size) {
                text[at] = '.'
                at++
                inSentence = 0
            }
            if (at < size) {
                text[at] = ends && random.next(4) == 0 ? '\n' : ' '
                at++
            }
        }
        return text
    }

    char[] noise(Random random, int size) {
        char bytes[] = new char[size]
        int word = 0
        for (int i = 0; i < size; i++) {
            if (i % 8 == 0) word = random.bits()
            bytes[i] = char(word & 255)
            word = word >> 8
        }
        char start[] = "\xff\xd8\xff\xe0\0\x10JFIF\0\x01\x01\0\0\x01\0\x01\0\0"
        bytes.copy(0, start, 0, start.arrayLength)
        return bytes
    }

    char[] fragment(Random random, String words[], int number, int size) {
        char inner[] = prose(random, words, size)
        if (number % 3 == 0) return "<article id=\"a$number\"><p>$inner</p></article>\n"
        if (number % 3 == 1) return "/* $inner */\n.block-$number { margin: $(number % 40)px }\n"
        return "// item $number\nexport const text$number = `$inner`;\n"
    }

    char[] ending(int number) {
        if (number % 3 == 0) return "html"
        if (number % 3 == 1) return "css"
        return "js"
    }

    // Writes one file and returns its line of the manifest.
    String add(char folder[], char kind[], char name[], char content[]) {
        files.writeFile("$folder/$name", content)
        int size = content.arrayLength
        char sum[] = numbers.toHex(checksum.fnv(content))
        return new String("$kind /$name $size $sum\n")
    }

    // The manifest comes last, so that a site that was not finished is made again.
    bool Site:fill(char folder[]) {
        if (files.exists("$folder/manifest.txt")) return false
        files.createDirectory("$folder/texts")
        files.createDirectory("$folder/images")
        files.createDirectory("$folder/items")
        Random random = new Random(7)
        String words[] = strings.explode(wordList(), " ")
        String lines[] = new String[TEXTS + IMAGES + SMALLS]
        for (int i = 0; i < TEXTS; i++) {
            int size = 160000 + i * 42000 + random.next(16000)
            lines[i] = add(folder, "text", "texts/text$i.txt", prose(random, words, size))
        }
        for (int i = 0; i < IMAGES; i++) {
            int size = 20000 + random.next(130000)
            lines[TEXTS + i] = add(folder, "image", "images/image$i.jpg", noise(random, size))
        }
        for (int i = 0; i < SMALLS; i++) {
            char end[] = ending(i)
            char content[] = fragment(random, words, i, 450 + random.next(3500))
            lines[TEXTS + IMAGES + i] = add(folder, "small", "items/item$i.$end", content)
        }
        char page[] = "<!doctype html>\n<title>Em</title>\n<h1>A generated site</h1>\n" +
            "<p><a href=\"manifest.txt\">Its files</a></p>\n"
        files.writeFile("$folder/index.html", page)
        files.writeFile("$folder/manifest.txt", strings.implode(lines, ""))
        return true
    }
}
