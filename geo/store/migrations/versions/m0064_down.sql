drop function corner_areas(text, text [], bytea []);
