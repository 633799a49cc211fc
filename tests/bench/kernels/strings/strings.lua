-- A text of n lines, put together piece by piece. Prints its length and a checksum of some bytes.
local now = dofile(arg[0]:match(".*/") .. "../clock.lua")

local function build(n)
  local pieces = {}
  for i = 0, n - 1 do
    pieces[#pieces + 1] = "item " .. i .. ": " .. i * i % 1000 .. "\n"
  end
  return table.concat(pieces)
end

local function checksum(text)
  local hash = 0
  for i = 1, #text, 97 do hash = (hash * 31 + text:byte(i)) % 1000003 end
  return hash
end

local n, repeats = tonumber(arg[1]), tonumber(arg[2])
for _ = 1, repeats do
  local begin = now()
  local text = build(n)
  local hash = checksum(text)
  print(string.format("%d/%d %.0f", #text, hash, now() - begin))
end
