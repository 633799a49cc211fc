-- How often the front of a permutation can be reversed, by its first number, until that is 1: the
-- most for any permutation of n numbers, and a checksum over all of them.
local now = dofile(arg[0]:match(".*/") .. "../clock.lua")

local function flips(order, work, n)
  for i = 1, n do work[i] = order[i] end
  local count, first = 0, work[1]
  while first ~= 1 do
    local low, high = 1, first
    while low < high do
      work[low], work[high] = work[high], work[low]
      low, high = low + 1, high - 1
    end
    count = count + 1
    first = work[1]
  end
  return count
end

-- Rotates the first numbers left, more of them each time that a shorter front has come round.
local function next_order(order, counts, n)
  for front = 2, n do
    local first = order[1]
    for i = 1, front - 1 do order[i] = order[i + 1] end
    order[front] = first
    counts[front] = counts[front] - 1
    if counts[front] > 0 then return true end
    counts[front] = front
  end
  return false
end

local function fannkuch(n)
  local order, work, counts = {}, {}, {}
  for i = 1, n do order[i], work[i], counts[i] = i, 0, i end
  local sum, most, sign = 0, 0, 1
  repeat
    local count = order[1] == 1 and 0 or flips(order, work, n)
    if count > most then most = count end
    sum = sum + sign * count
    sign = -sign
  until not next_order(order, counts, n)
  return sum .. "/" .. most
end

local n, repeats = tonumber(arg[1]), tonumber(arg[2])
for _ = 1, repeats do
  local begin = now()
  local result = fannkuch(n)
  print(string.format("%s %.0f", result, now() - begin))
end
