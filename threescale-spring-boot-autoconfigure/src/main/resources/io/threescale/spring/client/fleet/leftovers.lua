-- A member reads what a dead one has left, which is fenced by that. A dead member without usage goes.
-- KEYS: members, usage of the dead member, its fence
-- ARGV: the dead member, milliseconds after which a silent member is dead, number of entries wanted
-- Answers: 'ALIVE', 'EMPTY', or 'LEFT' and field and value of some entries
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local seen = redis.call('ZSCORE', KEYS[1], ARGV[1])
if not seen or tonumber(seen) > now - ARGV[2] then
  return { 'ALIVE' }
end
redis.call('SET', KEYS[3], '1', 'EX', 172800)
local answer = { 'LEFT' }
local cursor = '0'
repeat
  local page = redis.call('HSCAN', KEYS[2], cursor, 'COUNT', ARGV[3])
  cursor = page[1]
  for i = 1, #page[2], 2 do
    if page[2][i] ~= 'written' and #answer < 2 * ARGV[3] then
      answer[#answer + 1] = page[2][i]
      answer[#answer + 1] = page[2][i + 1]
    end
  end
until cursor == '0' or #answer > 1
if #answer > 1 then
  return answer
end
redis.call('DEL', KEYS[2])
redis.call('ZREM', KEYS[1], ARGV[1])
return { 'EMPTY' }
