-- n coroutines that have given way. Says so when all have, and keeps them.
local n = tonumber(arg[1])
local parked = {}
for i = 1, n do
  parked[i] = coroutine.create(function() coroutine.yield() end)
  coroutine.resume(parked[i])
end
print("parked")
io.stdout:flush()
io.stdin:read()
print(#parked)
