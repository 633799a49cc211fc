%% How long a program takes that does nothing.
-module(hello).
-export([main/1]).

main(_) ->
    io:put_chars("hello\n"),
    halt().
