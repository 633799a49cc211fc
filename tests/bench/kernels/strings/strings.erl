%% A text of n lines, put together piece by piece. Prints its length and a checksum of some bytes.
-module(strings).
-export([main/1]).

build(N, N, Text) -> Text;
build(I, N, Text) ->
    First = integer_to_binary(I),
    Second = integer_to_binary(I * I rem 1000),
    build(I + 1, N, <<Text/binary, "item ", First/binary, ": ", Second/binary, "\n">>).

checksum(Text, At, Hash) when At >= byte_size(Text) -> Hash;
checksum(Text, At, Hash) ->
    checksum(Text, At + 97, (Hash * 31 + binary:at(Text, At)) rem 1000003).

main([N, Repeats]) ->
    repeat(list_to_integer(N), list_to_integer(Repeats)),
    halt().

repeat(_, 0) -> ok;
repeat(N, Repeats) ->
    Begin = erlang:monotonic_time(nanosecond),
    Text = build(0, N, <<>>),
    Hash = checksum(Text, 0, 0),
    Ns = erlang:monotonic_time(nanosecond) - Begin,
    io:format("~b/~b ~b~n", [byte_size(Text), Hash, Ns]),
    repeat(N, Repeats - 1).
