%% Two matrices of n by n multiplied; the second is turned first, so that both are read by rows.
-module(matmul).
-export([main/1]).

matrix(N, Seed) ->
    Scale = Seed / N / N,
    Range = lists:seq(0, N - 1),
    [[Scale * (I - J) * (I + J) || J <- Range] || I <- Range].

transposed([[] | _]) -> [];
transposed(Rows) -> [[hd(Row) || Row <- Rows] | transposed([tl(Row) || Row <- Rows])].

multiply(A, B) ->
    Columns = transposed(B),
    [[dot(Row, Column, 0.0) || Column <- Columns] || Row <- A].

dot([], [], Sum) -> Sum;
dot([X | Xs], [Y | Ys], Sum) -> dot(Xs, Ys, Sum + X * Y).

main([N, Repeats]) ->
    repeat(list_to_integer(N), list_to_integer(Repeats)),
    halt().

repeat(_, 0) -> ok;
repeat(N, Repeats) ->
    Begin = erlang:monotonic_time(nanosecond),
    Product = multiply(matrix(N, 1.0), matrix(N, 2.0)),
    At = N div 2 + 1,
    Middle = lists:nth(At, lists:nth(At, Product)),
    io:format("~.9f ~b~n", [Middle, erlang:monotonic_time(nanosecond) - Begin]),
    repeat(N, Repeats - 1).
