-- Read a slice of the log, with the top at the same moment.
--
-- KEYS  1 meta  2 log
-- ARGV  1 epoch candidate  2 first seq wanted, or 'top' for the newest entry  3 most entries
--       4 bytes after which no further entry is taken. Two are, whatever their size: who asks for the entry
--         it has, to compare it, gets the next one as well
-- Returns {epoch, top, {id, frame, id, frame, ...}}.

local epoch = epoch_of(KEYS[1], KEYS[2], ARGV[1])
local top = redis.call('HGET', KEYS[1], 'seq')
local first, limit, budget = ARGV[2], tonumber(ARGV[3]), tonumber(ARGV[4])
if first == 'top' then
  first = top
end

-- In steps, so that large entries do not fill the server's memory before the budget is noticed.
local STEP = 32
local entries, count, size = {}, 0, 0
local function enough()
  return count >= limit or (size >= budget and count >= 2)
end
while not enough() do
  local step = redis.call('XRANGE', KEYS[2], first, '+', 'COUNT', math.min(STEP, limit - count))
  for _, entry in ipairs(step) do
    if enough() then
      break
    end
    local id, frame = entry[1], entry[2][2]
    entries[#entries + 1] = id
    entries[#entries + 1] = frame
    count, size = count + 1, size + #frame
    first = '(' .. id
  end
  if #step < STEP then
    break
  end
end
return { epoch, top, entries }
