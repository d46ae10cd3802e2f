-- A member tells that it is alive.
-- KEYS: members, fence of this member
-- ARGV: this member, milliseconds after which a silent member is dead, '1' if it was a member before
-- Answers: state, time of Redis in milliseconds, number of members alive, up to 10 dead members
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local oldest = now - ARGV[2]
local state = 'MEMBER'
if redis.call('EXISTS', KEYS[2]) == 1 then
  state = 'FENCED'
else
  if ARGV[3] == '1' and not redis.call('ZSCORE', KEYS[1], ARGV[1]) then
    state = 'FORGOTTEN'
  end
  redis.call('ZADD', KEYS[1], string.format('%.0f', now), ARGV[1])
end
local alive = redis.call('ZCOUNT', KEYS[1], string.format('(%.0f', oldest), '+inf')
local dead = redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', string.format('%.0f', oldest), 'LIMIT', 0, 10)
return { state, string.format('%.0f', now), string.format('%d', alive), unpack(dead) }
