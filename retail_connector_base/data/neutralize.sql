-- a neutralised copy holds no secrets, and leaves the world outside alone
UPDATE retail_credential
   SET ciphertext = NULL,
       previous_ciphertext = NULL,
       previous_until = NULL,
       last_four = NULL,
       rotated_at = NULL,
       is_set = false;
UPDATE retail_backend
   SET paused = true,
       state = 'draft';
UPDATE retail_api_token
   SET revoked_at = now() AT TIME ZONE 'UTC'
 WHERE revoked_at IS NULL;
-- A copy tells nobody of what happens in it.
UPDATE retail_subscription SET state = 'paused' WHERE state = 'active';
