%% n processes that wait for a message. Says so when all do, and keeps them.
-module(parked).
-export([main/1]).

wait(Parent) ->
    Parent ! waiting,
    receive stop -> ok end.

main([N | _]) ->
    Self = self(),
    Waiting = [spawn(fun() -> wait(Self) end) || _ <- lists:seq(1, list_to_integer(N))],
    [receive waiting -> ok end || _ <- Waiting],
    io:put_chars("parked\n"),
    timer:sleep(600000).
