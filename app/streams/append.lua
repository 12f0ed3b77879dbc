-- Append one event: check, then number, store, do the writes that go with it, and send the live copy.
--
-- KEYS  1 meta  2 log  3 event  4 live channel  5 fence (meta again, with no token)
--       6 list that must end as expected (meta again, when nothing is)  7... a key for each write
-- ARGV  1 frame up to its seq  2 call  3 epoch candidate  4 events kept
--       5 life of the log, ms  6 life of event and fence keys, ms  7 token or ''  8 token to leave behind or ''
--       9 '1' when the list must end as expected  10 with which item; '' for an empty list
--       11... for each write: command, '1' to end with the frame, number of arguments, arguments
-- Returns {status, seq, epoch}.
--
-- Every check comes before the first write, because Redis does not roll a failed script back.

local meta, log, event, live, fence, list = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5], KEYS[6]
local head, call, candidate, kept = ARGV[1], ARGV[2], ARGV[3], ARGV[4]
local log_life, memory, token, leave = ARGV[5], ARGV[6], ARGV[7], ARGV[8]
local rests_on_list, last = ARGV[9] == '1', ARGV[10]

-- What a write's key may hold already; false for anything. A command that is not here is refused.
local HOLDS = {
  SET = false, DEL = false, PEXPIRE = false, SPUBLISH = false, HSET = 'hash', RPUSH = 'list', LREM = 'list',
}

local function read_writes()
  local writes, at, key = {}, 11, 7
  while ARGV[at] do
    local command, with_frame, count = ARGV[at], ARGV[at + 1] == '1', tonumber(ARGV[at + 2])
    local holds = HOLDS[command]
    if holds == nil then
      return nil, 'ERR append refuses the command ' .. command
    end
    local type = redis.call('TYPE', KEYS[key]).ok
    if holds and type ~= holds and type ~= 'none' then
      return nil, 'WRONGTYPE ' .. command .. ' on ' .. KEYS[key] .. ', which holds a ' .. type
    end
    local words = { command, KEYS[key] }
    for i = at + 3, at + 2 + count do
      words[#words + 1] = ARGV[i]
    end
    writes[#writes + 1] = { words = words, with_frame = with_frame }
    at, key = at + 3 + count, key + 1
  end
  return writes
end

-- The same call sent again after a lost reply is no duplicate: to its caller it succeeds once.
local seen = redis.call('GET', event)
if seen then
  local seq, by = string.match(seen, '^(%d+) (.*)$')
  return { by == call and 'appended' or 'duplicate', seq, redis.call('HGET', meta, 'epoch') or '' }
end

if token ~= '' then
  local highest = redis.call('GET', fence)
  if highest and tonumber(token) < tonumber(highest) then
    return { 'fenced', '0', redis.call('HGET', meta, 'epoch') or '' }
  end
end

if rests_on_list and (redis.call('LINDEX', list, -1) or '') ~= last then
  return { 'moved', '0', redis.call('HGET', meta, 'epoch') or '' }
end

local writes, refusal = read_writes()
if not writes then
  return redis.error_reply(refusal)
end

local epoch = epoch_of(meta, log, candidate)
local seq = string.format('%.0f', redis.call('HINCRBY', meta, 'seq', 1))
local frame = head .. seq .. '}'
redis.call('XADD', log, 'MAXLEN', '~', kept, seq .. '-0', 'frame', frame)
redis.call('PEXPIRE', log, log_life)
redis.call('SET', event, seq .. ' ' .. call, 'PX', memory)
if token ~= '' then
  redis.call('SET', fence, leave ~= '' and leave or token, 'PX', memory)
end
for _, write in ipairs(writes) do
  if write.with_frame then
    write.words[#write.words + 1] = frame
  end
  redis.call(unpack(write.words))
end
redis.call('SPUBLISH', live, seq .. ' ' .. epoch .. ' ' .. frame)
return { 'appended', seq, epoch }
