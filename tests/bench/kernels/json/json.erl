%% Parses a JSON text of n records to values, and walks over them: how many, the sum of all numbers,
%% and the length of all texts.
-module(json).
-export([main/1]).

parse(Text) ->
    {Value, <<>>} = value(space(Text)),
    Value.

space(<<C, Rest/binary>>) when C =:= $\s; C =:= $\n; C =:= $\t; C =:= $\r -> space(Rest);
space(Text) -> Text.

%% A value with what is behind it and the space there.
value(<<$", Rest/binary>>) -> behind(string(Rest, Rest, 0));
value(<<${, Rest/binary>>) -> object(space(Rest), []);
value(<<$[, Rest/binary>>) -> list(space(Rest), []);
value(<<"true", Rest/binary>>) -> {true, space(Rest)};
value(<<"false", Rest/binary>>) -> {false, space(Rest)};
value(<<"null", Rest/binary>>) -> {null, space(Rest)};
value(Text) -> behind(number(Text, Text, 0)).

behind({Value, Rest}) -> {Value, space(Rest)}.

string(<<$", Rest/binary>>, Text, Length) -> {binary:part(Text, 0, Length), Rest};
string(<<$\\, _/binary>> = Rest, Text, Length) ->
    escapes(Rest, binary:part(Text, 0, Length));
string(<<_, Rest/binary>>, Text, Length) -> string(Rest, Text, Length + 1).

escapes(<<$", Rest/binary>>, Found) -> {Found, Rest};
escapes(<<$\\, C, Rest/binary>>, Found) -> escapes(Rest, <<Found/binary, (escaped(C))>>);
escapes(<<C, Rest/binary>>, Found) -> escapes(Rest, <<Found/binary, C>>).

escaped($n) -> $\n;
escaped($t) -> $\t;
escaped($r) -> $\r;
escaped(C) when C =:= $"; C =:= $\\; C =:= $/ -> C.

number(<<C, Rest/binary>>, Text, Length)
        when C >= $0, C =< $9; C =:= $-; C =:= $+; C =:= $.; C =:= $e; C =:= $E ->
    number(Rest, Text, Length + 1);
number(Rest, Text, Length) ->
    Digits = binary:part(Text, 0, Length),
    Number = case binary:match(Digits, [<<".">>, <<"e">>, <<"E">>]) of
        nomatch -> binary_to_integer(Digits);
        _ -> binary_to_float(Digits)
    end,
    {Number, Rest}.

list(<<$], Rest/binary>>, Items) -> {lists:reverse(Items), space(Rest)};
list(<<$,, Rest/binary>>, [_ | _] = Items) -> item(space(Rest), Items);
list(Text, []) -> item(Text, []).

item(Text, Items) ->
    {Item, Rest} = value(Text),
    list(Rest, [Item | Items]).

object(<<$}, Rest/binary>>, Members) -> {maps:from_list(Members), space(Rest)};
object(<<$,, Rest/binary>>, [_ | _] = Members) -> member(space(Rest), Members);
object(Text, []) -> member(Text, []).

member(<<$", Text/binary>>, Members) ->
    {Name, Rest} = string(Text, Text, 0),
    <<$:, Behind/binary>> = space(Rest),
    {Value, Left} = value(space(Behind)),
    object(Left, [{Name, Value} | Members]).

walk(Value, {Values, Sum, Bytes}) when is_number(Value) -> {Values + 1, Sum + Value, Bytes};
walk(Value, {Values, Sum, Bytes}) when is_binary(Value) ->
    {Values + 1, Sum, Bytes + byte_size(Value)};
walk(Value, {Values, Sum, Bytes}) when is_list(Value) ->
    lists:foldl(fun walk/2, {Values + 1, Sum, Bytes}, Value);
walk(Value, {Values, Sum, Bytes}) when is_map(Value) ->
    lists:foldl(fun walk/2, {Values + 1, Sum, Bytes}, maps:values(Value));
walk(_, {Values, Sum, Bytes}) -> {Values + 1, Sum, Bytes}.

record_text(I) ->
    io_lib:format("{\"id\": ~b, \"name\": \"item \\\"~b\\\"\", \"price\": ~b.25, "
                  "\"tags\": [\"red\", \"green\", \"blue\"], \"active\": ~s, \"parent\": null}",
                  [I, I, I rem 100, atom_to_list(I rem 2 =:= 0)]).

document(N) ->
    Records = [record_text(I) || I <- lists:seq(0, N - 1)],
    iolist_to_binary(["[", lists:join(",\n", Records), "]"]).

main([N, Repeats]) ->
    repeat(document(list_to_integer(N)), list_to_integer(Repeats)),
    halt().

repeat(_, 0) -> ok;
repeat(Text, Repeats) ->
    Begin = erlang:monotonic_time(nanosecond),
    {Values, Sum, Bytes} = walk(parse(Text), {0, 0.0, 0}),
    Ns = erlang:monotonic_time(nanosecond) - Begin,
    io:format("~b/~.2f/~b ~b~n", [Values, Sum, Bytes, Ns]),
    repeat(Text, Repeats - 1).
