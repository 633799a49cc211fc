// Strings, byte by byte. Results are filled into one array of the right size where that is known.

uses data.String

component provides data.StringUtil {
    bool matchesAt(char text[], char part[], int position) {
        for (int i = 0; i < part.arrayLength; i++) {
            if (text[position + i] != part[i]) return false
        }
        return true
    }

    int StringUtil:find(char text[], char part[], opt int start) {
        int end = text.arrayLength - part.arrayLength
        int i = start < 0 ? 0 : start
        while (i <= end) {
            if (matchesAt(text, part, i)) return i
            i++
        }
        return StringUtil.NOT_FOUND
    }

    int StringUtil:rfind(char text[], char part[]) {
        int i = text.arrayLength - part.arrayLength
        while (i >= 0) {
            if (matchesAt(text, part, i)) return i
            i -= 1
        }
        return StringUtil.NOT_FOUND
    }

    bool StringUtil:contains(char text[], char part[]) {
        return find(text, part, 0) != StringUtil.NOT_FOUND
    }

    bool StringUtil:startsWith(char text[], char part[]) {
        return text.arrayLength >= part.arrayLength && matchesAt(text, part, 0)
    }

    bool StringUtil:endsWith(char text[], char part[]) {
        int position = text.arrayLength - part.arrayLength
        return position >= 0 && matchesAt(text, part, position)
    }

    char lowerOf(char c) {
        if (c >= 'A' && c <= 'Z') return char(int(c) + 32)
        return c
    }

    char upperOf(char c) {
        if (c >= 'a' && c <= 'z') return char(int(c) - 32)
        return c
    }

    bool StringUtil:equalsIgnoreCase(char text[], char other[]) {
        if (text.arrayLength != other.arrayLength) return false
        for (int i = 0; i < text.arrayLength; i++) {
            if (lowerOf(text[i]) != lowerOf(other[i])) return false
        }
        return true
    }

    int StringUtil:compare(char text[], char other[]) {
        int shared = text.arrayLength
        if (other.arrayLength < shared) shared = other.arrayLength
        for (int i = 0; i < shared; i++) {
            if (text[i] != other[i]) return int(text[i]) - int(other[i])
        }
        return text.arrayLength - other.arrayLength
    }

    bool isBlank(char c) {
        return c == ' ' || c == '\t' || c == '\r' || c == '\n'
    }

    char[] StringUtil:trim(char text[]) {
        int start = 0
        int end = text.arrayLength
        while (start < end && isBlank(text[start])) start++
        while (end > start && isBlank(text[end - 1])) end -= 1
        return subString(text, start, end - start)
    }

    char[] StringUtil:lowercase(char text[]) {
        char result[] = new char[text.arrayLength]
        for (int i = 0; i < text.arrayLength; i++) result[i] = lowerOf(text[i])
        return result
    }

    char[] StringUtil:uppercase(char text[]) {
        char result[] = new char[text.arrayLength]
        for (int i = 0; i < text.arrayLength; i++) result[i] = upperOf(text[i])
        return result
    }

    char[] StringUtil:subString(char text[], int start, int length) {
        int low = start < 0 ? 0 : start
        int high = text.arrayLength
        if (length < high - start) high = start + length
        if (high <= low) return new char[0]
        return text.slice(low, high)
    }

    int countOf(char text[], char part[]) {
        int count = 0
        int at = find(text, part, 0)
        while (at != StringUtil.NOT_FOUND) {
            count++
            at = find(text, part, at + part.arrayLength)
        }
        return count
    }

    String[] StringUtil:explode(char text[], char separator[]) {
        if (separator.arrayLength == 0) return new String[](new String(clone text))
        String parts[] = new String[countOf(text, separator) + 1]
        int start = 0
        for (int i = 0; i < parts.arrayLength; i++) {
            int end = find(text, separator, start)
            if (end == StringUtil.NOT_FOUND) end = text.arrayLength
            parts[i] = new String(subString(text, start, end - start))
            start = end + separator.arrayLength
        }
        return parts
    }

    char[] StringUtil:implode(String parts[], char separator[]) {
        if (parts.arrayLength == 0) return new char[0]
        int length = separator.arrayLength * (parts.arrayLength - 1)
        foreach (String part in parts) length += part.string.arrayLength
        char result[] = new char[length]
        int at = 0
        for (int i = 0; i < parts.arrayLength; i++) {
            if (i > 0) {
                result.copy(at, separator, 0, separator.arrayLength)
                at += separator.arrayLength
            }
            char text[] = parts[i].string
            result.copy(at, text, 0, text.arrayLength)
            at += text.arrayLength
        }
        return result
    }

    char[] StringUtil:replace(char text[], char part[], char other[]) {
        if (part.arrayLength == 0) return subString(text, 0, text.arrayLength)
        return implode(explode(text, part), other)
    }

    bool StringUtil:isNumeric(char text[]) {
        foreach (char c in text) {
            if (c < '0' || c > '9') return false
        }
        return text.arrayLength > 0
    }
}
