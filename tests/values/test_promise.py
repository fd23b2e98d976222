"""The value judge's promise, row by row: what it must catch, and what it must never say against a right claim.

Each row is a claim and the passage that it is held against. A false alarm is the worse mistake, so `RIGHT` comes
first: no row of it may be contradicted, and none may lose a model's support either (`unsupported` is a veto).
"""

import pytest

from groundwire.model import Case, Claim, Evidence, Finding, Label, Piece, Span
from groundwire.values import ValueJudge

Rows = list[tuple[str, str]]

# The claim's numbers are right: rounded, converted, worded otherwise, counted or worked out from what stands there.
RIGHT: Rows = [
    # the same in another form
    ("The town has about 1.2 million inhabitants.", "The town has 1,203,000 inhabitants."),
    ("The firm was founded in the 1990s.", "The firm was founded in 1994."),
    ("The course is 5 km long.", "The course is 5,000 m long."),
    ("The wall is 6 feet high.", "The wall is 183 cm high."),
    ("Water boils at 212 °F at sea level.", "Water boils at 100 °C at sea level."),
    ("Set the oven to 350°F.", "Set the oven to 180°C."),
    ("The dose is 0.5 g a day.", "The dose is 500 mg a day."),
    ("The flask holds 1.5 litres.", "The flask holds 1500 ml."),
    ("The film lasts 2 hours.", "The film lasts 120 minutes."),
    ("The film runs for 1 hour and 55 minutes.", "The film runs for 115 minutes."),
    ("The warranty lasts two years.", "The warranty lasts 24 months."),
    ("The trial lasted a fortnight.", "The trial lasted 14 days."),
    ("The box holds a dozen eggs.", "The box holds 12 eggs."),
    ("A third of the voters stayed at home.", "33 % of the voters stayed at home."),
    ("Half of the patients recovered.", "50% of the patients recovered."),
    ("Three quarters of the seats were sold.", "75 percent of the seats were sold."),
    ("Two-thirds of members voted for it.", "66.7% of members voted for it."),
    ("Sales rose 12%.", "Sales rose 12 per cent."),
    ("Sales rose by twelve percent.", "Sales rose by 12%."),
    ("The loan is $1.5 million.", "The loan is $1,500,000."),
    ("The fine was 20 million euros.", "The fine was EUR 20m."),
    ("The fine was €20 million.", "The fine was 20,000,000 euros."),
    ("The grant was £3bn.", "The grant was 3 billion pounds sterling."),
    ("The fee is USD 500.", "The fee is $500."),
    ("The fee is 50 cents.", "The fee is $0.50."),
    ("Rates rose by 0.25 percentage points.", "Rates rose by 25 basis points."),
    ("Rates rose by 25 bps.", "Rates rose by 0.25 percentage points."),
    ("The car reached 100 km/h.", "The car reached 62 mph."),
    ("The lake covers 100 hectares.", "The lake covers 1 km²."),
    ("She is 1.75 m tall.", "She is 5 ft 9 in tall."),
    ("He stands 6'2\" tall.", "He stands 188 cm tall."),
    ("The meeting starts at 3 pm.", "The meeting starts at 15:00."),
    ("The shop opens at 9:00 a.m.", "The shop opens at 9 am."),
    ("The train leaves at noon.", "The train leaves at 12:00."),
    ("The law took effect on 1 January 2020.", "The law took effect on 2020-01-01."),
    ("The law took effect on January 1st, 2020.", "The law took effect on 1 Jan 2020."),
    ("The law took effect on 3/4/2021.", "The law took effect on 3 April 2021."),
    ("The law took effect on 3/4/2021.", "The law took effect on March 4, 2021."),
    ("The law took effect on 03.04.2021.", "The law took effect on 3 April 2021."),
    ("The castle was built in the 12th century.", "The castle was built in 1150."),
    ("The castle was built in the twelfth century.", "The castle was built between 1140 and 1160."),
    ("Caesar died in 44 BC.", "Caesar died on 15 March 44 BC."),
    ("Caesar died in 44 BCE.", "Caesar died in 44 BC."),
    ("Revenue fell in the second quarter of 2022.", "Revenue fell in Q2 2022."),
    ("Revenue fell in Q2 2022.", "Revenue fell in May 2022."),
    ("The band formed in the 80s.", "The band formed in 1983."),
    ("The band formed in the early 1980s.", "The band formed in 1981."),
    ("She won her third title.", "She won her 3rd title."),
    ("Louis XIV was crowned at the age of 15.", "Louis XIV was crowned at the age of fifteen."),
    ("The final ended 3-1.", "The final ended 3–1."),
    ("The price fell from $5 to $4.", "The price fell to $4 from $5."),
    ("The pool is open from May to September.", "The pool is open May–September."),
    ("The book has 3 parts.", "The book has three parts."),
    ("The rent is $900 a month.", "The rent is $10,800 a year."),
    # rounded, or given more or less exactly
    ("The city has 8.4 million people.", "The city has 8,398,748 people."),
    ("The city has nearly 9 million people.", "The city has 8,898,000 people."),
    ("The city has over 8 million people.", "The city has 8,398,748 people."),
    ("Almost 500 people came.", "487 people came."),
    ("Some 500 people came.", "512 people came."),
    ("The tower is 330 metres high.", "The tower is 330.2 metres high."),
    ("The rate is 3.1 %.", "The rate is 3.14 %."),
    ("Revenue was $4.8 billion.", "Revenue was $4,823 million."),
    ("Pi is about 3.14.", "Pi is 3.14159."),
    ("At least 20 people died.", "23 people died."),
    ("Fewer than 30 people died.", "23 people died."),
    ("Up to 40 guests can stay.", "40 guests can stay."),
    ("It weighs between 5 and 10 kg.", "It weighs 7 kg."),
    ("She moved to Paris in May 1994.", "She moved to Paris on 3 May 1994."),
    ("She moved to Paris on 3 May 1994.", "She moved to Paris in 1994."),
    ("She moved to Paris before 1995.", "She moved to Paris in 1994."),
    ("The river is 1,230 km long.", "The river is about 1,200 km long."),
    ("The fee is $500.", "The fee is at least $400."),
    ("The chapel dates from around 1300.", "The chapel dates from 1297."),
    # worked out: ages, durations, differences, sums, counts
    ("The shop closed a year later.", "The shop opened in 1994 and closed in 1995."),
    ("The shop was open for ten years.", "The shop was open from 1990 to 2000."),
    ("The war lasted six years.", "The war began in 1939. It ended in 1945."),
    ("Anna Berg died at the age of 43.", "Anna Berg was born on 10 December 1941. She died on 12 August 1985."),
    ("Walpole led the government for two decades.", "Walpole led the government from 1721 to 1742."),
    ("Profit rose by $20 million.", "Profit rose from $80 million to $100 million."),
    ("Profit rose 25 %.", "Profit rose from $80 million to $100 million."),
    ("Profit doubled.", "Profit rose from $50 million to $100 million."),
    ("The ticket costs $30 for two.", "The ticket costs $15."),
    ("The two runs brought in $150.", "The first run brought in $100, the second run brought in $50."),
    ("The bill comes to $130 in all.", "The bill lists $100 for parts and $30 for labour."),
    ("There are three partners.", "The partners are Smith, Jones and Brown."),
    ("The firm has two offices.", "The firm has offices in Leeds and York."),
    ("The treatment takes 14 days.", "The treatment takes two weeks."),
    ("He scored twice.", "He scored 2 goals."),
    ("The 4-year project ended in 2004.", "The project began in 2000 and ended in 2004."),
    ("The lease runs for 5 years.", "The lease runs from 1 March 2015 to 28 February 2020."),
    ("It took 45 minutes.", "It began at 9:00 and took until 9:45."),
    # a number that is no amount: names, list numbers, citations, identifiers
    ("The Boeing 747 first flew in 1969.", "The Boeing 737 is smaller. The Boeing 747 first flew in 1969."),
    ("The Boeing 747 has four engines.", "The Boeing 787 has two engines. The jet has four engines."),
    ("Apollo 11 landed on the Moon.", "Apollo 12 landed on the Moon too."),
    ("Windows 10 gets security updates.", "Windows 11 gets security updates."),
    ("Channel 4 broadcast the race.", "Channel 5 broadcast the race."),
    ("Route 66 crosses Illinois.", "Route 55 crosses Illinois."),
    ("The iPhone 15 has a new port.", "The iPhone 14 has a new port."),
    ("COVID-19 spread in Europe.", "COVID-21 spread in Europe."),
    ("Catch-22 is a novel.", "Catch-23 is a novel."),
    ("The G7 met in Bonn.", "The G8 met in Bonn."),
    ("The game is shown in 3D.", "The game is shown in 2D."),
    ("Fifty Shades of Grey sold well.", "The novel sold well."),
    ("Ocean's Eleven was a success.", "Ocean's Twelve was a success."),
    ("Henry VIII had six wives.", "Henry VIII had six wives, unlike Henry VII, who had one."),
    ("World War II ended in 1945.", "World War I ended in 1918. World War II ended in 1945."),
    ("The Second World War ended in 1945.", "The First World War ended in 1918. World War II ended in 1945."),
    ("Section 230 protects platforms.", "Section 231 protects platforms."),
    ("Article 5 covers defence.", "Article 6 covers defence."),
    ("The store is at 12 Baker Street.", "The store is at 14 Baker Street."),
    ("The tower was sold in 1994 [3].", "The tower was sold in 1994 [7]."),
    ("The tower was sold in 1994.[12]", "The tower was sold in 1994."),
    ("1. The tower was sold in 1994.", "2. The tower was sold in 1994."),
    ("3) Add the flour to the bowl.", "4) Add the flour to the bowl."),
    ("Step 3: stir the sauce.", "Step 4: stir the sauce."),
    ("Call 555-0123 for support.", "Call 555-0199 for support."),
    ("Call +1 (800) 555-0123 for support.", "Call +1 (800) 555-0199 for support."),
    ("Version 2.1.3 fixes the bug.", "Version 2.1.4 fixes the bug."),
    ("Python 3.11 is required.", "Python 3.9 is required."),
    ("Order 48291 was shipped.", "Order 48292 was shipped."),
    ("Ticket #4821 is closed.", "Ticket #4822 is closed."),
    ("Flight 123 crashed.", "Flight 124 crashed."),
    ("ISO 9001 applies here.", "ISO 27001 applies here."),
    ("The code is E11.9.", "The code is E11.8."),
    ("The server runs at 10.0.0.1.", "The server runs at 10.0.0.2."),
    ("The AK-47 is a rifle.", "The AK-74 is a rifle."),
    ("Vitamin B12 helps.", "Vitamin B6 helps."),
    ("Level 3 support answers.", "Level 2 support answers."),
    ("The 747s were sold.", "The 737s were sold."),
    ("See page 12 of the report.", "See page 14 of the report."),
    ("He came in first.", "He came in a second time."),
    ("One of them left.", "Two of them left."),
    # tables and fields
    ("The plan costs $20.", "| Plan | Price |\n|---|---|\n| Basic | $10 |\n| Plus | $20 |"),
    ("The Plus plan costs $20.", "| Plan | Price |\n|---|---|\n| Basic | $10 |\n| Plus | $20 |"),
    ("Leeds has 800,000 people.", "City: York. Population: 200,000.\nCity: Leeds. Population: 800,000."),
    ("Monday's hours are 9 to 5.", "Opening hours\n\nMonday 9-17\nSunday 10-14"),
    # round two: what everyday texts say
    ("The recipe needs 200 g of flour.", "Ingredients: 200 g flour, 100 g sugar, 3 eggs."),
    ("The recipe needs 7 oz of flour.", "The recipe needs 200 g of flour."),
    ("Bake for half an hour.", "Bake for 30 minutes."),
    ("The fever passed after 48 hours.", "The fever passed after two days."),
    ("About half of adults are overweight.", "52% of adults are overweight."),
    ("One in five adults smokes.", "20% of adults smoke."),
    ("Nearly two thirds of voters agreed.", "64 % of voters agreed."),
    ("Most of the 27 member states agreed.", "20 of the 27 member states agreed."),
    ("The 2010s were warm.", "The year 2014 was warm."),
    ("The treaty was signed in the late 19th century.", "The treaty was signed in 1890."),
    ("The city was founded in 753 BC.", "The city was founded on 21 April 753 BC."),
    ("The emperor ruled from 27 BC to AD 14.", "The emperor ruled from 27 BC until 14 AD."),
    ("The show runs weekly.", "The show runs every week."),
    ("The salary is €60,000 a year.", "The salary is €5,000 per month."),
    ("The plan costs $120 a year.", "The plan costs $10 monthly."),
    ("The car does 100 km on 5 litres.", "The car uses 5 l per 100 km."),
    ("The match ended 2-1.", "The match ended 1-2 to the visitors."),
    ("Napoleon III was emperor.", "Napoleon I was emperor."),
    ("Chapter 11 protection was granted in 2001.", "Chapter 7 protection was refused in 2001."),
    ("Rule 4 applies.", "Rule 5 applies."),
    ("Type 2 diabetes is common.", "Type 1 diabetes is common."),
    ("Omega-3 is healthy.", "Omega-6 is healthy."),
    ("The F-16 is a jet.", "The F-15 is a jet."),
    ("The A320 has two engines.", "The A380 has four engines. Each plane has two engines at least."),
    ("Formula 1 is popular.", "Formula 2 is popular."),
    ("The MP3 format is old.", "The MP4 format is old."),
    ("The PlayStation 5 sold well.", "The PlayStation 4 sold well."),
    ("Beethoven's Symphony No. 9 is famous.", "Beethoven's Symphony No. 5 is famous."),
    ("The 9/11 attacks changed travel.", "The 7/7 attacks changed travel."),
    ("The patient had a blood pressure of 120/80.", "The patient had a blood pressure of 140/90."),
    ("The ratio is 16:9.", "The ratio is 4:3."),
    ("John 3:16 is often quoted.", "John 3:17 is often quoted."),
    ("The M4 motorway is closed.", "The M5 motorway is closed."),
    ("The file is at C:\\v2\\a.txt.", "The file is at C:\\v3\\a.txt."),
    ("His 1,000th goal came in 1969.", "He scored his thousandth goal in 1969."),
    ("He was in his 30s.", "He was in his 40s when he left."),
    ("The app costs nothing.", "The app costs $0."),
    ("Sales grew fivefold.", "Sales grew from 2 million to 10 million."),
    ("The company was sold for over $1 billion.", "The company was sold for $1.2 billion."),
    ("The company was sold for more than $1 billion.", "The company was sold for almost $1.3bn."),
    ("He was 1.9 metres tall.", "He was 6 ft 3 in tall."),
    ("The storm had winds of 120 mph.", "The storm had winds of 193 km/h."),
    ("It was minus 10 degrees.", "It was -10 degrees."),
    ("The meeting is at 3 p.m. EST.", "The meeting is at 8 p.m. GMT."),
    ("The exam is on 12 June.", "The exam is on Friday, June 12, 2020."),
    ("The deadline is 31 March 2024.", "The deadline is 31/03/2024."),
    ("The deadline is 2024-03-31.", "The deadline is 31 Mar 2024."),
    ("The festival takes place on 3-5 May.", "The festival takes place on May 3–5."),
    ("The war lasted from 1914 to 1918.", "The war lasted from 28 July 1914 to 11 November 1918."),
    ("The president served 2009–2017.", "The president served from 2009 to 2017."),
    ("The bond pays 4.5 percent.", "The bond pays 4.50 %."),
    ("The median age is 38.", "The median age is 38.2 years."),
    ("The album has 12 songs.", "The album has twelve tracks and 12 songs."),
    ("The album has 12 songs.", "Tracks: 12. Songs: 12. Length: 45 minutes."),
    ("Three of the five judges agreed.", "Judges Hill, Moss and Reed agreed; the 5 judges met twice."),
    ("In total, 15 people were hurt.", "10 men and 5 women were hurt."),
    ("Five years later, in 2005, it closed.", "It opened in 2000 and closed in 2005."),
    ("A decade later it closed.", "It opened in 1990. It closed in 2000."),
    ("The company lost $5 million.", "The company had a net loss of $5 million."),
    ("The distance is 42.195 km.", "The distance is 26.2 miles."),
    ("The interest is 2 to 3 %.", "The interest is 2.5 %."),
    ("The museum is closed on Mondays.", "The museum is open Tuesday to Sunday and closed on Mondays."),
    ("The museum is open until 6 pm.", "The museum is open 10:00–18:00."),
    ("The clinic opens at 8.", "The clinic opens at 8:00 am."),
    ("The course runs for six weeks.", "The course runs from 1 March to 12 April."),
    ("It happened 20 years ago.", "It happened in 2004."),
    ("It happened in the early hours of 4 May.", "It happened on 4 May at 2:30 am."),
    ("She has 2 brothers and 3 sisters.", "She has three sisters and two brothers."),
    ("The house has 3.5 bathrooms.", "The house has three and a half bathrooms."),
    ("The state has 1/3 of the seats.", "The state has a third of the seats."),
    # found in real texts
    ("Lee won the title in 2000.", "Lee started in 1999 and won the title the following year."),
    ("The Avengers (2012 film) features Evans.", "The film features Evans. In 2018 the film features Evans again."),
    ("Cher has won at least six awards.", "Cher has won three Golden Globe Awards, a Grammy Award and an Emmy Award."),
    ("Cher has won six awards.", "Cher has won three Golden Globe Awards."),
    ("The series has five seasons.", "The series has four seasons, and a fifth season followed in 2017."),
    ("Rod contributed to five titles as of 2012.", "Rod contributed to five titles in 1967."),
    ("Students train in 4 languages.", "Students train in three languages in addition to English."),
    ("The logo was used in 2017.", "The logo was used starting with the 2016 season."),
    ("Smith died over the age of 80.", "Smith died at the age of 84."),
    ("The firm made a loss of $5 million.", "The firm made a profit of -$5 million."),
    ("The film was released on May 30, 2014.", "The film was shown on May 28, 2014, and released on May 30."),
    # as a tokenizer wrote it
    ("The dog was right in 98.7 per cent of cases.", "The dog was right in 98. 7 per cent of cases."),
    ("The fine is $1,000.", "The fine is $ 1, 000."),
]

# The passage's number is of something else: no contradiction, and no support either.
APART: Rows = [
    ("60 % of workers did something other than farming.", "40 % of workers did farming."),
    ("The hotel opened in 1994.", "The hotel burned down in 1995."),
    ("The hotel has 20 rooms.", "The hotel has 300 guests."),
    ("The left wing has 20 rooms.", "The right wing has 30 rooms."),
    ("Alice paid $20 for lunch.", "Bob paid $30 for lunch."),
    ("In 2019 the firm sold 500 cars.", "In 2020 the firm sold 700 cars."),
    ("Men earn $50,000 on average.", "Women earn $40,000 on average."),
    ("Adults pay $12.", "Children pay $6."),
    ("The museum opens at 9 am on Mondays.", "The museum opens at 10 am on Sundays."),
    ("Revenue in Q1 was $5 million.", "Revenue in Q2 was $6 million."),
    ("The fee is $500.", "The fee is 450 euros."),
    ("Unemployment rose by 2 percentage points.", "Unemployment rose by 40 %."),
    ("Paris has 2 million people.", "Lyon has 500,000 people."),
    ("The drug cut deaths by 20 %.", "The drug cut hospital stays by 35 %."),
    ("The law does not apply before 2020.", "The law does not apply before 2021 in Wales."),
    ("The river is 5 m deep.", "The river is 50 m wide."),
    ("The north tower is 100 m high.", "The south tower is 90 m high."),
    ("The novel was written in 1937.", "The novel was published in 1938."),
    ("Nobody older than 65 was tested.", "People older than 70 were tested."),
    ("It is 20 °C in Rome.", "It is 25 °C in Cairo."),
    ("The limit is 50 km/h in towns.", "The limit is 100 km/h outside towns."),
    ("The player scored 3 goals in 2010.", "The player scored 5 goals in 2011."),
]

# One value is wrong, and the passage makes the claim's own statement with another.
WRONG: Rows = [
    # numbers and magnitudes
    ("The town has 1.5 million inhabitants.", "The town has 1,203,000 inhabitants."),
    ("The band sold 178 billion records.", "The band sold 178 million records."),
    ("The firm earned $3.1 million in the quarter.", "The firm earned $3.1 billion in the quarter."),
    ("The firm employs 3,210 people.", "The firm employs 3,120 people."),
    ("The league has 20 clubs.", "The league has 18 clubs."),
    ("The bridge has seven arches.", "The bridge has nine arches."),
    ("The box holds a dozen eggs.", "The box holds 10 eggs."),
    ("The temperature fell to -5 °C.", "The temperature fell to 5 °C."),
    ("Profit was 0.5 million euros.", "Profit was 5 million euros."),
    ("It holds 5 red balls and 9 blue balls.", "It holds 9 red balls and 5 blue balls."),
    ("She won three Brit Awards and six Grammy Awards.", "She won six Brit Awards and three Grammy Awards."),
    ("She has won 12 Grammy Awards.", "She has won twelve Guinness Records and six Grammy Awards."),
    # units
    ("The adult dose is 50 g of ibuprofen.", "The adult dose is 50 mg of ibuprofen."),
    ("The race is 10 miles long.", "The race is 10 km long."),
    ("The patient must wait 4 weeks.", "The patient must wait 4 days."),
    ("The oven is set to 180 °F.", "The oven is set to 180 °C."),
    ("Refunds are paid within 14 months.", "Refunds are paid within 14 days."),
    ("The tank holds 20 gallons of fuel.", "The tank holds 20 litres of fuel."),
    ("The car reached 200 mph.", "The car reached 200 km/h."),
    # rates
    ("The site gets 2.5 million visitors every month.", "The site gets 2.5 million visitors every year."),
    ("The rent is $900 per week.", "The rent is $900 per month."),
    ("The dose is 50 mg per hour.", "The dose is 50 mg per day."),
    ("The plan costs $20 a year.", "The plan costs $20 a month."),
    # dates
    ("Acme was founded in 1994.", "Acme was founded in 1995."),
    ("Acme was founded in 1994.", "Acme was founded on 3 May 1995."),
    ("The treaty was signed on 3 May 1994.", "The treaty was signed on 4 May 1994."),
    ("The treaty was signed on 3 May 1994.", "The treaty was signed on 3 June 1994."),
    ("The treaty was signed on May 3, 1994.", "The treaty was signed on 1995-05-03."),
    ("The treaty was signed in May.", "The treaty was signed in June."),
    ("The show opens on Monday.", "The show opens on Tuesday."),
    ("The firm was founded in the 1980s.", "The firm was founded in 1994."),
    ("The firm was founded in the 80s.", "The firm was founded in 1994."),
    ("The castle was built in the 13th century.", "The castle was built in 1150."),
    ("Caesar died in 44 AD.", "Caesar died in 44 BC."),
    ("Caesar died in 43 BC.", "Caesar died on 15 March 44 BC."),
    ("Revenue fell in Q3 2022.", "Revenue fell in Q2 2022."),
    ("Revenue fell in the third quarter of 2022.", "Revenue fell in the second quarter of 2022."),
    ("Revenue fell in fiscal 2021.", "Revenue fell in fiscal 2022."),
    ("The law took effect on 3/4/2021.", "The law took effect on 5 May 2021."),
    ("Anna Berg was born on May 5, 1938.", "Anna Berg (December 5, 1938 – July 26, 2013) was a singer."),
    ("Anna Berg died on July 23, 2013.", "Anna Berg (December 5, 1938 – July 26, 2013) was a singer."),
    ("Anna Berg died in 2003.", "Anna Berg (5 December 1938 -- 26 July 2013) was a singer."),
    ("Tom Lee produced the film in 1971.", "Tom Lee produced the 1973 film."),
    ("He left Acme before 1990.", "He left Acme in 1994."),
    ("He left Acme after 1996.", "He left Acme in 1994."),
    # times of day
    ("The meeting starts at 3 pm.", "The meeting starts at 4 pm."),
    ("The meeting starts at 3 am.", "The meeting starts at 3 pm."),
    ("The shop opens at 9:30.", "The shop opens at 10:30."),
    ("The train leaves at 14:05.", "The train leaves at 2:15 pm."),
    # money
    ("The monthly fee is $500.", "The monthly fee is $450."),
    ("The fine was $20 million.", "The fine was €20 million."),
    ("The fine was 20 million pounds.", "The fine was 20 million dollars."),
    ("The dividend rises to $0.15 per share.", "The dividend rises to $0.13 per share. Debt fell below $25 billion."),
    # percentages
    ("The loan costs 3.1 % a year.", "The loan costs 5.4 % a year."),
    ("Half of the patients recovered.", "30% of the patients recovered."),
    ("A third of the voters stayed at home.", "60 % of the voters stayed at home."),
    ("Three quarters of the seats were sold.", "Two thirds of the seats were sold."),
    ("Rates rose by 50 basis points.", "Rates rose by 0.25 percentage points."),
    ("Less than 5% of residents speak English.", "21.2% of residents speak English."),
    # ordinals
    ("Jefferson was the fourth president.", "Jefferson was the third president."),
    ("She finished 2nd in the race.", "She finished 3rd in the race."),
    ("It was his 21st win of the season.", "It was his 20th win of the season."),
    # ranges
    ("The company expects sales of $80 million to $100 million.", "The company expects sales of $90-100 million."),
    ("Children aged 5–10 pay half price.", "Children aged 5–12 pay half price."),
    ("The lease runs from 2010 to 2016.", "The lease runs from 2010 to 2015."),
    ("The dog weighs 20 to 30 kg.", "The dog weighs 5 to 10 kg."),
    ("It weighs between 5 and 10 kg.", "It weighs 12 kg."),
    ("Adults need 7–9 hours of sleep.", "Adults need 5–6 hours of sleep."),
    # words of direction
    ("More than 5 people died.", "3 people died."),
    ("At least 100 people came.", "80 people came."),
    ("Up to 300 guests can stay.", "Up to 200 guests can stay."),
    ("Customers may return goods for up to 30 days.", "Customers may return goods for up to 14 days."),
    ("Applicants must be at least 18 years old.", "Applicants must be at least 21 years old."),
    ("Under 50 people work here.", "70 people work here."),
    ("Nearly 900 people came.", "500 people came."),
    ("Over 2 million copies were sold.", "1.2 million copies were sold."),
    ("The fee is $300.", "The fee is at least $400."),
    # scores
    ("The final ended 3-1.", "The final ended 3-2."),
    ("Ajax won the final 2–0.", "Ajax won the final 2–1."),
    ("The final was lost 1-3.", "The final was lost 2-3."),
    # heights, ages, distances
    ("She is 1.85 m tall.", "She is 175 cm tall."),
    ("He stands 6'2\" tall.", "He stands 5'10\" tall."),
    ("Maria is 34 years old.", "Maria is 43 years old."),
    ("The peak is 4,810 m high.", "The peak is 4,180 m high."),
    # round two
    ("Bake the cake at 200 °C.", "Bake the cake at 160 °C."),
    ("The recipe needs 300 g of flour.", "The recipe needs 200 g of flour."),
    ("One in three adults smokes.", "20% of adults smoke."),
    ("The city was founded in 735 BC.", "The city was founded on 21 April 753 BC."),
    ("The salary is €60,000 a month.", "The salary is €60,000 per year."),
    ("The company was sold for over $2 billion.", "The company was sold for $1.2 billion."),
    ("The storm had winds of 150 mph.", "The storm had winds of 193 km/h."),
    ("The exam is on 12 July.", "The exam is on Friday, June 12, 2020."),
    ("The deadline is 30 March 2024.", "The deadline is 31/03/2024."),
    ("The president served 2009–2013.", "The president served from 2009 to 2017."),
    ("The bond pays 5.4 percent.", "The bond pays 4.5 %."),
    ("The patient should take 2 tablets daily.", "The patient should take 3 tablets daily."),
    ("The notice period is three months.", "The notice period is three weeks."),
    ("The appeal must be filed within 60 days.", "The appeal must be filed within 30 days."),
    ("The museum is closed on Tuesdays.", "The museum is closed on Mondays."),
    ("The Nile is 6,650 miles long.", "The Nile is 6,650 km long."),
    ("The vaccine is stored at -20 °C.", "The vaccine is stored at -70 °C."),
    ("Net profit fell to $12 million.", "Net profit fell to $21 million."),
    ("Light travels at 300,000 m/s.", "Light travels at 300,000 km/s."),
    ("The court fined the bank £9 million.", "The court fined the bank £19 million."),
    ("The population is 67,000.", "The population is 67 million."),
    ("The battery lasts up to 20 hours.", "The battery lasts up to 12 hours."),
    ("She set the record in 1984.", "She set the record in 1994."),
    ("The 7 pm train leaves from platform A.", "The 6 pm train leaves from platform A."),
    ("The gold medal was won in 9.85 seconds.", "The gold medal was won in 9.58 seconds."),
    # tables and fields
    ("The Plus plan costs $25.", "| Plan | Price |\n|---|---|\n| Basic | $10 |\n| Plus | $20 |"),
    ("The Basic plan costs $20.", "| Plan | Price |\n|---|---|\n| Basic | $10 |\n| Plus | $20 |"),
    ("The population of York is 300,000.", "York\n\nPopulation: 200,000"),
]

# A value that nobody rounds or works out, and that stands nowhere: a model's support is taken away.
NOWHERE: Rows = [
    ("Refunds take 90 days.", "Refunds are paid within 14 days."),
    ("The share is 90 %.", "Many people hold a share."),
    ("The town has 90,000 inhabitants.", "The town has a church and a school."),
    ("The tablet costs $90.", "The tablet is sold in three colours."),
    ("The lake is 12 km long.", "The lake is long and deep."),
]

# Wrong claims that are not caught yet. The judge must stay silent on them: it may never find support here.
NOT_CAUGHT: Rows = [
    ("Profit doubled.", "Profit tripled."),
    ("He scored twice in the match.", "He scored three times in the match."),
    ("It closed two years later.", "It opened in 1990 and closed in 2000."),
    ("The shop is open on Monday.", "The shop is open from Tuesday to Sunday."),
    ("World War I ended in 1945.", "World War I ended in 1918. World War II ended in 1945."),
    (
        "The show premiered on January 13, 2016.",
        "The show premiered on October 7, 2015, and ended on January 13, 2016.",
    ),
    ("Mother Teresa was born in 1911.", "Mother Teresa (1910–1997) was a nun."),
    ("The patient had a blood pressure of 120/80.", "The patient had a blood pressure of 140/90."),
    ("The meeting is at 3 pm EST.", "The meeting is at 3 pm GMT."),
    ("Henry VIII reigned for long.", "Henry VII reigned for long."),
    ("Version 2.1.3 is current.", "Version 2.1.4 is current."),
    ("The act was passed on 3/4/2021.", "The act was passed on 4/3/2021."),
]


def label(claim: str, passage: str) -> Finding:
    whole = Claim(id="c1", text=claim, span=Span(0, len(claim)), pieces=(Piece(0, 0, len(claim)),))
    (finding,) = ValueJudge().judge([Case(whole, (Evidence(source="doc", text=passage),))])
    return finding


@pytest.mark.parametrize(("claim", "passage"), RIGHT)
def test_a_right_claim_raises_no_alarm(claim: str, passage: str) -> None:
    finding = label(claim, passage)
    assert finding.label in (Label.SUPPORTED, Label.UNCHECKED), finding.explanation


@pytest.mark.parametrize(("claim", "passage"), APART)
def test_a_value_of_something_else_is_no_contradiction(claim: str, passage: str) -> None:
    finding = label(claim, passage)
    assert finding.label in (Label.UNCHECKED, Label.UNSUPPORTED), finding.explanation


@pytest.mark.parametrize(("claim", "passage"), WRONG)
def test_a_wrong_value_is_contradicted_in_words(claim: str, passage: str) -> None:
    finding = label(claim, passage)
    assert finding.label is Label.CONTRADICTED, finding.explanation
    assert finding.explanation.startswith("The claim says")
    if finding.correction:
        assert finding.correction.span.of(claim) == finding.correction.old


@pytest.mark.parametrize(("claim", "passage"), NOWHERE)
def test_a_value_that_stands_nowhere_takes_support_away(claim: str, passage: str) -> None:
    assert label(claim, passage).label is Label.UNSUPPORTED


@pytest.mark.parametrize(("claim", "passage"), NOT_CAUGHT)
def test_what_is_not_caught_is_not_supported(claim: str, passage: str) -> None:
    assert label(claim, passage).label in (Label.UNCHECKED, Label.UNSUPPORTED)
