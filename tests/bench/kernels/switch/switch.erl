%% Two processes on one scheduler that give way to each other, n times together.
-module(switch).
-export([main/1]).

give_way(0, Parent) -> Parent ! done;
give_way(N, Parent) ->
    erlang:yield(),
    give_way(N - 1, Parent).

main([N, Repeats]) ->
    erlang:system_flag(schedulers_online, 1),
    repeat(list_to_integer(N), list_to_integer(Repeats)),
    halt().

repeat(_, 0) -> ok;
repeat(N, Repeats) ->
    Self = self(),
    Begin = erlang:monotonic_time(nanosecond),
    [spawn(fun() -> give_way(N div 2, Self) end) || _ <- [a, b]],
    [receive done -> ok end || _ <- [a, b]],
    io:format("~b ~b~n", [2 * (N div 2), erlang:monotonic_time(nanosecond) - Begin]),
    repeat(N, Repeats - 1).
