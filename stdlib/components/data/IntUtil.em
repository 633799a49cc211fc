// Integers as text and back, digit by digit.

component provides data.IntUtil {
    const int LIMIT = 922337203685477580        // the largest number that may get one more digit

    char[] IntUtil:intToString(int value) {
        return "$value"
    }

    char[] IntUtil:makeString(int value) {
        return "$value"
    }

    // Accumulates downwards, because there is one more negative number than positive ones.
    // Answers in two numbers: 1 or 0 for valid or not, and the value.
    int[] parse(char text[]) {
        int answer[] = new int[2]
        int i = 0
        bool negative = text.arrayLength > 0 && text[0] == '-'
        if (negative) i = 1
        if (i == text.arrayLength) return answer
        int value = 0
        while (i < text.arrayLength) {
            if (text[i] < '0' || text[i] > '9') return answer
            int digit = int(text[i]) - 48
            if (value < -LIMIT) return answer
            if (value == -LIMIT && (digit > 8 || (digit == 8 && !negative))) return answer
            value = value * 10 - digit
            i++
        }
        answer[0] = 1
        answer[1] = negative ? value : 0 - value
        return answer
    }

    int IntUtil:intFromString(char text[]) {
        int answer[] = parse(text)
        if (answer[0] == 0) throw new Exception("cast", "\"$text\" is not an integer")
        return answer[1]
    }

    bool IntUtil:isInt(char text[]) {
        int answer[] = parse(text)
        return answer[0] == 1
    }

    char[] IntUtil:toHex(int value) {
        char digits[] = "0123456789abcdef"
        char text[] = new char[16]
        int at = 16
        int rest = value
        while (at == 16 || rest != 0) {
            at -= 1
            text[at] = digits[rest & 15]
            rest = (rest >> 4) & 0xfffffffffffffff
        }
        return text.slice(at, 16)
    }

    int IntUtil:min(int a, int b) {
        return a < b ? a : b
    }

    int IntUtil:max(int a, int b) {
        return a > b ? a : b
    }
}
