// Questions about strings, and strings made from strings. Strings are bytes: positions and lengths
// count bytes, and letters are the ASCII ones. Results are new arrays; arguments are never changed.

uses data.String

interface StringUtil {
    // Greater than any position.
    const int NOT_FOUND = 9223372036854775807

    // Where `part` begins first in `text`, at or after `start`; NOT_FOUND if nowhere.
    int find(char text[], char part[], opt int start)

    // Where `part` begins last in `text`; NOT_FOUND if nowhere.
    int rfind(char text[], char part[])

    bool contains(char text[], char part[])
    bool startsWith(char text[], char part[])
    bool endsWith(char text[], char part[])

    // Equal, apart from the case of ASCII letters.
    bool equalsIgnoreCase(char text[], char other[])

    // Less than 0, 0 or more than 0: order by bytes, a prefix first.
    int compare(char text[], char other[])

    // Without blanks, tabs and line ends at both ends.
    char[] trim(char text[])

    char[] lowercase(char text[])
    char[] uppercase(char text[])

    // `length` bytes from `start` on; as many as there are. Out of range is empty, not a fault.
    char[] subString(char text[], int start, int length)

    // The parts between the separators; "a,,b" has three. An empty separator gives one part.
    String[] explode(char text[], char separator[])

    char[] implode(String parts[], char separator[])

    // Every `part` replaced, from left to right, without looking at what was put in.
    char[] replace(char text[], char part[], char other[])

    // One or more ASCII digits and nothing else.
    bool isNumeric(char text[])
}
