"""A diagnosis becomes words and pictures: `page` decides every word and number once, renderers only draw."""
