-- Two coroutines that are resumed in turn, n times together.
local now = dofile(arg[0]:match(".*/") .. "../clock.lua")

local n, repeats = tonumber(arg[1]), tonumber(arg[2])
for _ = 1, repeats do
  local turns = 0
  local function give_way()
    for _ = 1, n / 2 do
      turns = turns + 1
      coroutine.yield()
    end
  end
  local a, b = coroutine.create(give_way), coroutine.create(give_way)
  local begin = now()
  while coroutine.status(a) ~= "dead" or coroutine.status(b) ~= "dead" do
    coroutine.resume(a)
    coroutine.resume(b)
  end
  print(string.format("%d %.0f", turns, now() - begin))
end
