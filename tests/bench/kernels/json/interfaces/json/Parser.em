// JSON from text.

uses json.Value

interface Parser {
    transfer char source[]      // what is being parsed
    transfer int at             // and how far it is

    // Exception of kind "json", with the position, if the text is not one JSON value.
    Value parse(char text[])
}
