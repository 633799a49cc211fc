%% How long a program takes that does nothing.
-module(hello).
-export([main/0]).

main() ->
    io:put_chars("hello\n"),
    halt().
