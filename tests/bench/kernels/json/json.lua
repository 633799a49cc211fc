-- Parses a JSON text of n records to values, and walks over them: how many, the sum of all numbers,
-- and the length of all texts.
local now = dofile(arg[0]:match(".*/") .. "../clock.lua")

local ESCAPES = { n = "\n", t = "\t", r = "\r", ['"'] = '"', ["\\"] = "\\", ["/"] = "/" }
local NULL = {}

local value

local function fail(at)
  error("no JSON at " .. at, 0)
end

local function space(text, at)
  return text:find("[^ \n\t\r]", at) or #text + 1
end

-- Each of these takes a position and gives what it found with the position behind it.
local function string_at(text, at)
  local stop = text:find('["\\]', at + 1) or fail(at)
  if text:byte(stop) == 34 then return text:sub(at + 1, stop - 1), stop + 1 end
  local pieces = {}
  local start = at + 1
  while text:byte(stop) ~= 34 do
    pieces[#pieces + 1] = text:sub(start, stop - 1)
    pieces[#pieces + 1] = ESCAPES[text:sub(stop + 1, stop + 1)] or fail(stop)
    start = stop + 2
    stop = text:find('["\\]', start) or fail(start)
  end
  pieces[#pieces + 1] = text:sub(start, stop - 1)
  return table.concat(pieces), stop + 1
end

local function number_at(text, at)
  local digits = text:match("^[-+%d.eE]+", at) or fail(at)
  return tonumber(digits) or fail(at), at + #digits
end

local function list_at(text, at)
  local items = {}
  at = space(text, at + 1)
  while text:byte(at) ~= 93 do
    if #items > 0 then
      if text:byte(at) ~= 44 then fail(at) end
      at = at + 1
    end
    items[#items + 1], at = value(text, at)
  end
  return items, at + 1
end

local function object_at(text, at)
  local members, first = {}, true
  at = space(text, at + 1)
  while text:byte(at) ~= 125 do
    if not first then
      if text:byte(at) ~= 44 then fail(at) end
      at = space(text, at + 1)
    end
    first = false
    if text:byte(at) ~= 34 then fail(at) end
    local name
    name, at = string_at(text, at)
    at = space(text, at)
    if text:byte(at) ~= 58 then fail(at) end
    members[name], at = value(text, at + 1)
  end
  return members, at + 1
end

local WORDS = { t = { "true", true }, f = { "false", false }, n = { "null", NULL } }

-- With the space around it.
function value(text, at)
  at = space(text, at)
  local c, found = text:sub(at, at), nil
  if c == '"' then found, at = string_at(text, at)
  elseif c == "{" then found, at = object_at(text, at)
  elseif c == "[" then found, at = list_at(text, at)
  elseif WORDS[c] then
    local word = WORDS[c][1]
    if text:sub(at, at + #word - 1) ~= word then fail(at) end
    found, at = WORDS[c][2], at + #word
  else found, at = number_at(text, at) end
  return found, space(text, at)
end

local function parse(text)
  local found, at = value(text, 1)
  if at <= #text then fail(at) end
  return found
end

local function walk(found, total)
  total.values = total.values + 1
  local kind = type(found)
  if kind == "number" then total.sum = total.sum + found
  elseif kind == "string" then total.bytes = total.bytes + #found
  elseif kind == "table" then
    for _, item in pairs(found) do walk(item, total) end
  end
end

local function document(n)
  local records = {}
  for i = 0, n - 1 do
    records[#records + 1] = string.format(
      '{"id": %d, "name": "item \\"%d\\"", "price": %d.25, '
        .. '"tags": ["red", "green", "blue"], "active": %s, "parent": null}',
      i, i, i % 100, tostring(i % 2 == 0))
  end
  return "[" .. table.concat(records, ",\n") .. "]"
end

local text, repeats = document(tonumber(arg[1])), tonumber(arg[2])
for _ = 1, repeats do
  local total = { values = 0, sum = 0, bytes = 0 }
  local begin = now()
  walk(parse(text), total)
  local ns = now() - begin
  print(string.format("%d/%.2f/%d %.0f", total.values, total.sum, total.bytes, ns))
end
