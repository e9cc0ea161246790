"""What people do with an issue: steps, tasks, photos, reviews, rates."""
