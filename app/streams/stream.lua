-- What every script of a stream shares; `scripts.load` puts it in front of them.
-- Numbers that come out of Lua are written with %.0f: exact to 2^53, never in scientific notation.

-- The stream's epoch. A stream without one is new, or has lost its meta: either way what may be left of its
-- log belongs to no epoch that anybody can name, so it goes, and counting starts at 1 under the candidate.
local function epoch_of(meta, log, candidate)
  local epoch = redis.call('HGET', meta, 'epoch')
  if not epoch then
    epoch = candidate
    redis.call('DEL', log)
    redis.call('HSET', meta, 'epoch', epoch, 'seq', 0)
  end
  return epoch
end
