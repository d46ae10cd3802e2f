-- A member tells that it is alive.
-- KEYS: members, fence of this member, usage of this member
-- ARGV: this member, milliseconds after which a silent member is dead, time of its last heartbeat that it knows of or 0,
-- number of the last write it knows of, how many of those that are gone to pass over and to name
-- Answers: state, time, number of members alive, number of those below that have left in order,
-- members that have left or are dead
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local oldest = string.format('%.0f', now - ARGV[2])
local present = string.format('%.0f', now)
local state = 'MEMBER'
if redis.call('EXISTS', KEYS[2]) == 1 then
  state = 'FENCED'
else
  local written = tonumber(redis.call('HGET', KEYS[3], 'written') or '0')
  local seen = tonumber(redis.call('ZSCORE', KEYS[1], ARGV[1]) or '-1')
  if (ARGV[3] ~= '0' and seen < tonumber(ARGV[3])) or written < tonumber(ARGV[4]) then
    state = 'FORGOTTEN'
  end
  redis.call('ZADD', KEYS[1], present, ARGV[1])
  redis.call('EXPIRE', KEYS[1], 172800)
end
-- A clock that went back, as at a failover, keeps nobody alive who is dead
for _, member in ipairs(redis.call('ZRANGEBYSCORE', KEYS[1], '(' .. present, '+inf')) do
  redis.call('ZADD', KEYS[1], present, member)
end
local alive = redis.call('ZCOUNT', KEYS[1], '(' .. oldest, '+inf')
local dead = redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', oldest, 'LIMIT', ARGV[5], ARGV[6])
local left = math.max(0, redis.call('ZCOUNT', KEYS[1], 0, 0) - ARGV[5])
return { state, present, string.format('%d', alive), string.format('%d', math.min(left, #dead)), unpack(dead) }
