-- The Mandelbrot set as an image of n by n bits, n a multiple of 8. Prints a checksum of its bytes.
local now = dofile(arg[0]:match(".*/") .. "../clock.lua")

local ROUNDS = 50

local function stays(cr, ci)
  local zr, zi, rr, ii = 0, 0, 0, 0
  local i = 0
  while i < ROUNDS and rr + ii <= 4 do
    zi = 2 * zr * zi + ci
    zr = rr - ii + cr
    rr = zr * zr
    ii = zi * zi
    i = i + 1
  end
  return rr + ii <= 4
end

local function image(n)
  local bits, at = {}, 1
  for y = 0, n - 1 do
    local ci = 2 * y / n - 1
    for x = 0, n - 1, 8 do
      local eight = 0
      for bit = 0, 7 do
        eight = eight * 2
        if stays(2 * (x + bit) / n - 1.5, ci) then eight = eight + 1 end
      end
      bits[at] = eight
      at = at + 1
    end
  end
  return bits
end

local function checksum(bits)
  local hash = 0
  for i = 1, #bits do hash = (hash * 31 + bits[i]) % 1000003 end
  return hash
end

local n, repeats = tonumber(arg[1]), tonumber(arg[2])
for _ = 1, repeats do
  local begin = now()
  local hash = checksum(image(n))
  print(string.format("%d %.0f", hash, now() - begin))
end
