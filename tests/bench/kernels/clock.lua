-- A monotonic clock in nanoseconds; Lua itself has none.
local ffi = require("ffi")
ffi.cdef("typedef struct { long s, ns; } em_time; int clock_gettime(int clock, em_time *time);")
local time = ffi.new("em_time")

return function()
  ffi.C.clock_gettime(1, time)
  return tonumber(time.s) * 1e9 + tonumber(time.ns)
end
