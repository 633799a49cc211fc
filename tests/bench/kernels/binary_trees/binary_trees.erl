%% Builds complete binary trees of many depths, counts their nodes and drops them. Prints the sum.
-module(binary_trees).
-export([main/1]).

-define(LEAST, 4).

tree(0) -> {none, none};
tree(Depth) -> {tree(Depth - 1), tree(Depth - 1)}.

count({none, none}) -> 1;
count({Left, Right}) -> 1 + count(Left) + count(Right).

many(0, _, Sum) -> Sum;
many(Rounds, Depth, Sum) -> many(Rounds - 1, Depth, Sum + count(tree(Depth))).

trees(Most) ->
    First = count(tree(Most + 1)),
    Kept = tree(Most),
    Sum = lists:foldl(
        fun(Depth, Sum) -> many(1 bsl (Most - Depth + ?LEAST), Depth, Sum) end,
        First, lists:seq(?LEAST, Most, 2)),
    Sum + count(Kept).

main([Depth, Repeats]) ->
    repeat(list_to_integer(Depth), list_to_integer(Repeats)),
    halt().

repeat(_, 0) -> ok;
repeat(Depth, Repeats) ->
    Begin = erlang:monotonic_time(nanosecond),
    Sum = trees(Depth),
    io:format("~b ~b~n", [Sum, erlang:monotonic_time(nanosecond) - Begin]),
    repeat(Depth, Repeats - 1).
