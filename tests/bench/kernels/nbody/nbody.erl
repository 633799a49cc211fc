%% The sun and four planets, moved on by their pull on each other. Prints the energy of the system.
-module(nbody).
-export([main/1]).

-define(SOLAR_MASS, 39.47841760435743).
-define(DAYS, 365.24).

-record(body, {x, y, z, vx, vy, vz, mass}).

planet(X, Y, Z, VX, VY, VZ, Mass) ->
    #body{x = X, y = Y, z = Z, vx = VX * ?DAYS, vy = VY * ?DAYS, vz = VZ * ?DAYS,
          mass = Mass * ?SOLAR_MASS}.

system() ->
    Planets = [
        planet(4.84143144246472090, -1.16032004402742839, -0.103622044471123109,
               0.00166007664274403694, 0.00769901118419740425, -0.0000690460016972063023,
               0.000954791938424326609),
        planet(8.34336671824457987, 4.12479856412430479, -0.403523417114321381,
               -0.00276742510726411021, 0.00499852801234917238, 0.0000230417297573763929,
               0.000285885980666130812),
        planet(12.8943695621391310, -15.1111514016986312, -0.223307578892655734,
               0.00296460137564761618, 0.00237847173959480950, -0.0000296589568540237556,
               0.0000436624404335156298),
        planet(15.3796971148509165, -25.9193146099879641, 0.179258772950371181,
               0.00268067772490389322, 0.00162824170038242295, -0.0000951592254519715870,
               0.0000515138902046611451)],
    Sun = lists:foldl(
        fun(#body{vx = VX, vy = VY, vz = VZ, mass = M}, S) ->
            S#body{vx = S#body.vx - VX * M / ?SOLAR_MASS,
                   vy = S#body.vy - VY * M / ?SOLAR_MASS,
                   vz = S#body.vz - VZ * M / ?SOLAR_MASS}
        end,
        #body{x = 0.0, y = 0.0, z = 0.0, vx = 0.0, vy = 0.0, vz = 0.0, mass = ?SOLAR_MASS},
        Planets),
    [Sun | Planets].

%% The first body with all others, then the second with those behind it, and so on.
advance([], _) -> [];
advance([A | Rest], Dt) ->
    {Moved, Others} = pull(A, Rest, Dt, []),
    #body{x = X, y = Y, z = Z, vx = VX, vy = VY, vz = VZ} = Moved,
    [Moved#body{x = X + Dt * VX, y = Y + Dt * VY, z = Z + Dt * VZ} | advance(Others, Dt)].

pull(A, [], _, Done) -> {A, lists:reverse(Done)};
pull(#body{x = AX, y = AY, z = AZ, vx = AVX, vy = AVY, vz = AVZ, mass = AM} = A,
     [#body{x = BX, y = BY, z = BZ, vx = BVX, vy = BVY, vz = BVZ, mass = BM} = B | Rest],
     Dt, Done) ->
    DX = AX - BX,
    DY = AY - BY,
    DZ = AZ - BZ,
    Square = DX * DX + DY * DY + DZ * DZ,
    Pull = Dt / (Square * math:sqrt(Square)),
    A1 = A#body{vx = AVX - DX * BM * Pull, vy = AVY - DY * BM * Pull, vz = AVZ - DZ * BM * Pull},
    B1 = B#body{vx = BVX + DX * AM * Pull, vy = BVY + DY * AM * Pull, vz = BVZ + DZ * AM * Pull},
    pull(A1, Rest, Dt, [B1 | Done]).

energy([], E) -> E;
energy([#body{x = X, y = Y, z = Z, vx = VX, vy = VY, vz = VZ, mass = M} | Rest], E) ->
    Moving = E + 0.5 * M * (VX * VX + VY * VY + VZ * VZ),
    Pulled = lists:foldl(
        fun(B, Sum) ->
            DX = X - B#body.x,
            DY = Y - B#body.y,
            DZ = Z - B#body.z,
            Sum - M * B#body.mass / math:sqrt(DX * DX + DY * DY + DZ * DZ)
        end,
        Moving, Rest),
    energy(Rest, Pulled).

steps(0, Bodies) -> Bodies;
steps(N, Bodies) -> steps(N - 1, advance(Bodies, 0.01)).

main([Steps, Repeats]) ->
    repeat(list_to_integer(Steps), list_to_integer(Repeats)),
    halt().

repeat(_, 0) -> ok;
repeat(Steps, Repeats) ->
    Begin = erlang:monotonic_time(nanosecond),
    E = energy(steps(Steps, system()), 0.0),
    io:format("~.9f ~b~n", [E, erlang:monotonic_time(nanosecond) - Begin]),
    repeat(Steps, Repeats - 1).
