%% How often the front of a permutation can be reversed, by its first number, until that is 1: the
%% most for any permutation of n numbers, and a checksum over all of them.
-module(fannkuch).
-export([main/1]).

flips([1 | _], Count) -> Count;
flips([First | _] = Order, Count) -> flips(flip(First, Order, []), Count + 1).

flip(0, Rest, Front) -> Front ++ Rest;
flip(N, [X | Rest], Front) -> flip(N - 1, Rest, [X | Front]).

%% Rotates the first numbers left, more of them each time that a shorter front has come round. The
%% counts are those of the fronts of 2, 3 and so on.
next(_, [], _, _) -> done;
next(Order, [Count | Counts], Front, Fresh) ->
    [First | Rest] = Order,
    {Moved, Behind} = lists:split(Front - 1, Rest),
    Rotated = Moved ++ [First | Behind],
    case Count of
        1 -> next(Rotated, Counts, Front + 1, [Front | Fresh]);
        _ -> {Rotated, lists:reverse(Fresh, [Count - 1 | Counts])}
    end.

all(Order, Counts, Sign, Sum, Most) ->
    Count = flips(Order, 0),
    NewSum = Sum + Sign * Count,
    NewMost = max(Most, Count),
    case next(Order, Counts, 2, []) of
        done -> {NewSum, NewMost};
        {NewOrder, NewCounts} -> all(NewOrder, NewCounts, -Sign, NewSum, NewMost)
    end.

main([N, Repeats]) ->
    repeat(list_to_integer(N), list_to_integer(Repeats)),
    halt().

repeat(_, 0) -> ok;
repeat(N, Repeats) ->
    Begin = erlang:monotonic_time(nanosecond),
    {Sum, Most} = all(lists:seq(1, N), lists:seq(2, N), 1, 0, 0),
    io:format("~b/~b ~b~n", [Sum, Most, erlang:monotonic_time(nanosecond) - Begin]),
    repeat(N, Repeats - 1).
