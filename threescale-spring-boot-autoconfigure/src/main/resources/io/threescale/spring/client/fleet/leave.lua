-- A member leaves. What it has left may be taken over at once.
-- KEYS: members, fence of this member, usage of this member
-- ARGV: this member
if redis.call('EXISTS', KEYS[2]) == 1 then
  return { 'FENCED' }
end
local entries = redis.call('HLEN', KEYS[3]) - redis.call('HEXISTS', KEYS[3], 'written')
if entries > 0 then
  redis.call('ZADD', KEYS[1], 0, ARGV[1])
else
  redis.call('DEL', KEYS[3])
  redis.call('ZREM', KEYS[1], ARGV[1])
end
return { 'MEMBER' }
