%% The spectral norm of the infinite matrix 1, 1/2, 1/3 …, cut to n rows, by the power method.
-module(spectral_norm).
-export([main/1]).

element_of(I, J) -> 1.0 / ((I + J) * (I + J + 1) div 2 + I + 1).

multiply(N, V) -> [row(I, 0, V, 0.0) || I <- lists:seq(0, N - 1)].

row(_, _, [], Sum) -> Sum;
row(I, J, [X | Rest], Sum) -> row(I, J + 1, Rest, Sum + element_of(I, J) * X).

multiply_transposed(N, V) -> [column(I, 0, V, 0.0) || I <- lists:seq(0, N - 1)].

column(_, _, [], Sum) -> Sum;
column(I, J, [X | Rest], Sum) -> column(I, J + 1, Rest, Sum + element_of(J, I) * X).

rounds(0, _, U, V) -> {U, V};
rounds(Left, N, U, _) ->
    V = multiply_transposed(N, multiply(N, U)),
    rounds(Left - 1, N, multiply_transposed(N, multiply(N, V)), V).

dot(As, Bs) -> lists:sum(lists:zipwith(fun(A, B) -> A * B end, As, Bs)).

norm(N) ->
    {U, V} = rounds(10, N, lists:duplicate(N, 1.0), []),
    math:sqrt(dot(U, V) / dot(V, V)).

main([N, Repeats]) ->
    repeat(list_to_integer(N), list_to_integer(Repeats)),
    halt().

repeat(_, 0) -> ok;
repeat(N, Repeats) ->
    Begin = erlang:monotonic_time(nanosecond),
    Result = norm(N),
    io:format("~.9f ~b~n", [Result, erlang:monotonic_time(nanosecond) - Begin]),
    repeat(N, Repeats - 1).
