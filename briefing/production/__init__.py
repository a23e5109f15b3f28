"""From articles to clips: the rundown, the plan of clips, the workers that make them."""
