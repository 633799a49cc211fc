%% A file of DNA: one sequence repeated, and two of letters drawn by their frequency, in lines of 60
%% after a title each. Prints the file's length and a checksum.
-module(fasta).
-export([main/1]).

-define(WIDTH, 60).
-define(ALU,
    "GGCCGGGCGCGGTGGCTCACGCCTGTAATCCCAGCACTTTGGGAGGCCGAGGCGGGCGGATCACCTGAGGTCAGGA").

repeated(Title, N, Text) -> repeat_letters(N, 0, ?ALU, <<Text/binary, Title/binary>>).

repeat_letters(0, 0, _, Text) -> Text;
repeat_letters(0, _, _, Text) -> <<Text/binary, "\n">>;
repeat_letters(Left, ?WIDTH, Letters, Text) ->
    repeat_letters(Left, 0, Letters, <<Text/binary, "\n">>);
repeat_letters(Left, Column, [], Text) -> repeat_letters(Left, Column, ?ALU, Text);
repeat_letters(Left, Column, [Letter | Rest], Text) ->
    repeat_letters(Left - 1, Column + 1, Rest, <<Text/binary, Letter>>).

drawn(R, [{Letter, Chance} | Rest]) ->
    if R < Chance -> Letter;
       true -> drawn(R, Rest)
    end.

%% The letters with the sums of their frequencies; the last one gets what is missing to 1.
chances([{Letter, _}], _) -> [{Letter, 1.0}];
chances([{Letter, Share} | Rest], Sum) -> [{Letter, Sum + Share} | chances(Rest, Sum + Share)].

random_letters(Title, Shares, N, Last, Text) ->
    draw(N, 0, Last, chances(Shares, 0.0), <<Text/binary, Title/binary>>).

draw(0, 0, Last, _, Text) -> {Last, Text};
draw(0, _, Last, _, Text) -> {Last, <<Text/binary, "\n">>};
draw(Left, ?WIDTH, Last, Chances, Text) -> draw(Left, 0, Last, Chances, <<Text/binary, "\n">>);
draw(Left, Column, Last, Chances, Text) ->
    Next = (Last * 3877 + 29573) rem 139968,
    Letter = drawn(Next / 139968, Chances),
    draw(Left - 1, Column + 1, Next, Chances, <<Text/binary, Letter>>).

file(N) ->
    Rare = [{Letter, 0.02} || Letter <- "BDHKMNRSVWY"],
    Codes = [{$a, 0.27}, {$c, 0.12}, {$g, 0.12}, {$t, 0.27} | Rare],
    Human = [{$a, 0.3029549426680}, {$c, 0.1979883004921}, {$g, 0.1975473066391},
             {$t, 0.3015094502008}],
    One = repeated(<<">ONE Homo sapiens alu\n">>, 2 * N, <<>>),
    {Last, Two} = random_letters(<<">TWO IUB ambiguity codes\n">>, Codes, 3 * N, 42, One),
    {_, Three} = random_letters(<<">THREE Homo sapiens frequency\n">>, Human, 5 * N, Last, Two),
    Three.

checksum(<<>>, Hash) -> Hash;
checksum(<<B, Rest/binary>>, Hash) -> checksum(Rest, (Hash * 31 + B) rem 1000003).

main([N, Repeats]) ->
    repeat(list_to_integer(N), list_to_integer(Repeats)),
    halt().

repeat(_, 0) -> ok;
repeat(N, Repeats) ->
    Begin = erlang:monotonic_time(nanosecond),
    Text = file(N),
    Hash = checksum(Text, 0),
    Ns = erlang:monotonic_time(nanosecond) - Begin,
    io:format("~b/~b ~b~n", [byte_size(Text), Hash, Ns]),
    repeat(N, Repeats - 1).
