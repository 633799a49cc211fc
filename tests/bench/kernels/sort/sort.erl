%% Sorts n numbers with the library's sort. Prints a checksum of the order.
-module(sort).
-export([main/1]).

numbers(0, _) -> [];
numbers(N, Last) ->
    Next = (Last * 3877 + 29573) rem 139968,
    [Next | numbers(N - 1, Next)].

checksum(Values) ->
    lists:foldl(fun(Value, Hash) -> (Hash * 31 + Value) rem 1000003 end, 0, Values).

main([N, Repeats]) ->
    repeat(list_to_integer(N), list_to_integer(Repeats)),
    halt().

repeat(_, 0) -> ok;
repeat(N, Repeats) ->
    Begin = erlang:monotonic_time(nanosecond),
    Hash = checksum(lists:sort(numbers(N, 42))),
    io:format("~b ~b~n", [Hash, erlang:monotonic_time(nanosecond) - Begin]),
    repeat(N, Repeats - 1).
