%% The Mandelbrot set as an image of n by n bits, n a multiple of 8. Prints a checksum of its bytes.
-module(mandelbrot).
-export([main/1]).

-define(ROUNDS, 50).

stays(CR, CI) -> stays(0, 0.0, 0.0, 0.0, 0.0, CR, CI).

stays(_, _, _, RR, II, _, _) when RR + II > 4.0 -> 0;
stays(?ROUNDS, _, _, _, _, _, _) -> 1;
stays(I, ZR, ZI, RR, II, CR, CI) ->
    NI = 2.0 * ZR * ZI + CI,
    NR = RR - II + CR,
    stays(I + 1, NR, NI, NR * NR, NI * NI, CR, CI).

image(N) ->
    << <<(stays(2.0 * X / N - 1.5, 2.0 * Y / N - 1.0)):1>>
       || Y <- lists:seq(0, N - 1), X <- lists:seq(0, N - 1) >>.

checksum(<<>>, Hash) -> Hash;
checksum(<<B, Rest/binary>>, Hash) -> checksum(Rest, (Hash * 31 + B) rem 1000003).

main([N, Repeats]) ->
    repeat(list_to_integer(N), list_to_integer(Repeats)),
    halt().

repeat(_, 0) -> ok;
repeat(N, Repeats) ->
    Begin = erlang:monotonic_time(nanosecond),
    Hash = checksum(image(N), 0),
    io:format("~b ~b~n", [Hash, erlang:monotonic_time(nanosecond) - Begin]),
    repeat(N, Repeats - 1).
