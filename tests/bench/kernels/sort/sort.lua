-- Sorts n numbers with the library's sort. Prints a checksum of the order.
local now = dofile(arg[0]:match(".*/") .. "../clock.lua")

local function numbers(n)
  local values, last = {}, 42
  for i = 1, n do
    last = (last * 3877 + 29573) % 139968
    values[i] = last
  end
  return values
end

local function checksum(values)
  local hash = 0
  for i = 1, #values do hash = (hash * 31 + values[i]) % 1000003 end
  return hash
end

local n, repeats = tonumber(arg[1]), tonumber(arg[2])
for _ = 1, repeats do
  local begin = now()
  local values = numbers(n)
  table.sort(values)
  local hash = checksum(values)
  print(string.format("%d %.0f", hash, now() - begin))
end
