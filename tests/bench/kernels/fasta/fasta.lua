-- A file of DNA: one sequence repeated, and two of letters drawn by their frequency, in lines of 60
-- after a title each. Prints the file's length and a checksum.
local now = dofile(arg[0]:match(".*/") .. "../clock.lua")

local LINE = 60

local ALU = "GGCCGGGCGCGGTGGCTCACGCCTGTAATCCCAGCACTTTGGGAGGCCGAGGCGGGCGGATCACCTGAGGTCAGGA"

local last

local function random()
  last = (last * 3877 + 29573) % 139968
  return last / 139968
end

local function repeated(text, title, n)
  text[#text + 1] = title
  local twice, at = ALU .. ALU, 0
  for done = 0, n - 1, LINE do
    local length = math.min(LINE, n - done)
    text[#text + 1] = twice:sub(at + 1, at + length)
    text[#text + 1] = "\n"
    at = (at + length) % #ALU
  end
end

local function drawn(letters, chances)
  local r, i = random(), 1
  while r >= chances[i] do i = i + 1 end
  return letters[i]
end

-- `shares` are the letters' frequencies; the last one gets what is missing to 1.
local function random_letters(text, title, letters, shares, n)
  local list, chances, sum = {}, {}, 0
  for i = 1, #letters do
    sum = sum + shares[i]
    list[i], chances[i] = letters:sub(i, i), sum
  end
  chances[#chances] = 1
  text[#text + 1] = title
  local line = {}
  for done = 0, n - 1, LINE do
    local length = math.min(LINE, n - done)
    for i = 1, length do line[i] = drawn(list, chances) end
    text[#text + 1] = table.concat(line, "", 1, length)
    text[#text + 1] = "\n"
  end
end

local function file(n)
  last = 42
  local text = {}
  repeated(text, ">ONE Homo sapiens alu\n", 2 * n)
  random_letters(text, ">TWO IUB ambiguity codes\n", "acgtBDHKMNRSVWY",
    { 0.27, 0.12, 0.12, 0.27, 0.02, 0.02, 0.02, 0.02, 0.02, 0.02, 0.02, 0.02, 0.02, 0.02, 0.02 },
    3 * n)
  random_letters(text, ">THREE Homo sapiens frequency\n", "acgt",
    { 0.3029549426680, 0.1979883004921, 0.1975473066391, 0.3015094502008 }, 5 * n)
  return table.concat(text)
end

local function checksum(text)
  local hash = 0
  for i = 1, #text do hash = (hash * 31 + text:byte(i)) % 1000003 end
  return hash
end

local n, repeats = tonumber(arg[1]), tonumber(arg[2])
for _ = 1, repeats do
  local begin = now()
  local text = file(n)
  local hash = checksum(text)
  print(string.format("%d/%d %.0f", #text, hash, now() - begin))
end
