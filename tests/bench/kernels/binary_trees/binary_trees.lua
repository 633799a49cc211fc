-- Builds complete binary trees of many depths, counts their nodes and drops them. Prints the sum.
local now = dofile(arg[0]:match(".*/") .. "../clock.lua")

local LEAST = 4

local function tree(depth)
  if depth == 0 then return {} end
  return { left = tree(depth - 1), right = tree(depth - 1) }
end

local function count(node)
  if not node.left then return 1 end
  return 1 + count(node.left) + count(node.right)
end

local function trees(most)
  local sum = count(tree(most + 1))
  local kept = tree(most)
  for depth = LEAST, most, 2 do
    for _ = 1, 2 ^ (most - depth + LEAST) do sum = sum + count(tree(depth)) end
  end
  return sum + count(kept)
end

local depth, repeats = tonumber(arg[1]), tonumber(arg[2])
for _ = 1, repeats do
  local begin = now()
  local sum = trees(depth)
  print(string.format("%d %.0f", sum, now() - begin))
end
