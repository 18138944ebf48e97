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
