-- Two matrices of n by n multiplied; the second is turned first, so that both are read by rows.
local now = dofile(arg[0]:match(".*/") .. "../clock.lua")

local function matrix(n, seed)
  local scale = seed / n / n
  local rows = {}
  for i = 0, n - 1 do
    local row = {}
    for j = 0, n - 1 do row[j + 1] = scale * (i - j) * (i + j) end
    rows[i + 1] = row
  end
  return rows
end

local function transposed(rows)
  local result = {}
  for i = 1, #rows do
    local row = {}
    for j = 1, #rows do row[j] = rows[j][i] end
    result[i] = row
  end
  return result
end

local function multiply(a, b)
  local n = #a
  local columns, result = transposed(b), {}
  for i = 1, n do
    local left, row = a[i], {}
    for j = 1, n do
      local right, sum = columns[j], 0
      for k = 1, n do sum = sum + left[k] * right[k] end
      row[j] = sum
    end
    result[i] = row
  end
  return result
end

local n, repeats = tonumber(arg[1]), tonumber(arg[2])
for _ = 1, repeats do
  local begin = now()
  local product = multiply(matrix(n, 1), matrix(n, 2))
  local at = math.floor(n / 2) + 1
  print(string.format("%.9f %.0f", product[at][at], now() - begin))
end
