-- The spectral norm of the infinite matrix 1, 1/2, 1/3 …, cut to n rows, by the power method.
local now = dofile(arg[0]:match(".*/") .. "../clock.lua")

-- Rows and columns count from 0.
local function element(i, j)
  return 1 / ((i + j) * (i + j + 1) / 2 + i + 1)
end

local function multiply(v, result, n)
  for i = 1, n do
    local sum = 0
    for j = 1, n do sum = sum + element(i - 1, j - 1) * v[j] end
    result[i] = sum
  end
end

local function multiply_transposed(v, result, n)
  for i = 1, n do
    local sum = 0
    for j = 1, n do sum = sum + element(j - 1, i - 1) * v[j] end
    result[i] = sum
  end
end

local function norm(n)
  local u, v, w = {}, {}, {}
  for i = 1, n do u[i] = 1 end
  for _ = 1, 10 do
    multiply(u, w, n)
    multiply_transposed(w, v, n)
    multiply(v, w, n)
    multiply_transposed(w, u, n)
  end
  local uv, vv = 0, 0
  for i = 1, n do
    uv = uv + u[i] * v[i]
    vv = vv + v[i] * v[i]
  end
  return math.sqrt(uv / vv)
end

local n, repeats = tonumber(arg[1]), tonumber(arg[2])
for _ = 1, repeats do
  local begin = now()
  local result = norm(n)
  print(string.format("%.9f %.0f", result, now() - begin))
end
