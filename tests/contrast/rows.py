"""What the contrast judge promises: claim, passage, and what it finds."""

POLICY = (
    "Refund policy. Customers may return any item within 30 days of delivery for a full refund. Shipping costs are not "
    "refunded. Gift cards cannot be returned. Refunds are issued within 5 days after we receive the return."
)
RESULTS = (
    "Acme Corp reported revenue of $4.2 billion for the third quarter of 2025, up 12% from a year earlier. Net income "
    "fell to $310 million from $355 million. The company raised its full-year revenue guidance to between $16.5 "
    "billion and $16.9 billion. Shares rose 3% in after-hours trading."
)
LEASE = (
    "The tenant may terminate this lease with three months' written notice. The landlord must give six months' notice. "
    "Pets are allowed only with the written consent of the landlord. Subletting is prohibited."
)
CURIE = (
    "Marie Curie was a physicist. She was the first woman to win a Nobel Prize. Her husband, Pierre Curie, was a "
    "co-winner of her first Nobel Prize. She was born in Warsaw in 1867."
)
LOGIN = (
    "After five failed attempts the account is locked for 30 minutes. Two-factor authentication can be turned on in "
    "the same menu. Administrators can unlock accounts at any time."
)

CONTRADICTED = [
    # Negation
    ("Shipping costs are refunded too.", POLICY),
    ("Gift cards can be returned.", POLICY),
    ("Gift cards are returnable.", POLICY),
    ("Customers may not return any item within 30 days of delivery.", POLICY),
    ("The warranty covers water damage.", "The warranty does not cover water damage."),
    ("The warranty doesn't cover water damage.", "The warranty covers water damage."),
    ("The contract was never signed.", "The contract was signed in Oslo."),
    ("The board approved the merger.", "The board has not approved the merger."),
    ("Passengers were injured in the crash.", "No passengers were injured in the crash."),
    ("The drug is safe during pregnancy.", "The drug is not safe during pregnancy."),
    ("The drug is unsafe during pregnancy.", "The drug is safe during pregnancy."),
    ("The vaccine is effective against measles.", "The vaccine is ineffective against measles."),
    ("The company failed to publish its accounts.", "The company published its accounts in May."),
    ("The minister was able to form a government.", "The minister was unable to form a government."),
    ("Tickets are refundable.", "Tickets are non-refundable."),
    ("The museum charges for entry.", "The museum no longer charges for entry."),
    ("The house has a garden.", "The house does not have a garden."),
    ("Anna and Ben are married.", "Anna and Ben are not married."),
    ("The soup contains no nuts.", "The soup contains nuts."),
    ("The soup is served without nuts.", "The soup is served with nuts."),
    # Permission
    ("Smoking is allowed in the building.", "Smoking is prohibited in the building."),
    ("Smoking is not permitted in the building.", "Smoking is permitted in the building."),
    ("Dogs are allowed on the beach.", "Dogs are forbidden on the beach."),
    ("You may park on the lawn.", "Parking on the lawn is not allowed."),
    ("You may sublet the apartment with the landlord's consent.", LEASE),
    ("Visitors may take photographs.", "Visitors are not allowed to take photographs."),
    ("Only support can unlock the account.", LOGIN),
    # Duty
    ("Registration is optional.", "Registration is mandatory."),
    ("Registration is compulsory.", "Registration is voluntary."),
    ("A deposit is required.", "A deposit is not required."),
    # Words that tell nothing apart may be missing
    ("The troubled firm bought the factory in Leeds from a rival.", "The firm sold the factory in Leeds to a rival."),
    ("The firm reimburses parking fees.", "The firm reimburses tickets but not parking fees."),
    ("Tokens can be renewed.", "Tokens expire after 60 minutes and cannot be renewed; a new one must be requested."),
    ("Aspirin can be given to children.", "Aspirin should not be given to children because of its risks."),
    # Direction
    ("Acme's revenue fell 12% year over year.", RESULTS),
    ("Net income rose to $310 million.", RESULTS),
    ("Acme lowered its full-year guidance.", RESULTS),
    ("Shares fell 3% after hours.", RESULTS),
    ("Unemployment increased in March.", "Unemployment decreased in March."),
    ("The bank raised interest rates in June.", "The bank cut interest rates in June."),
    ("Exports were up 4% in May.", "Exports were down 4% in May."),
    ("Exports grew by 4% in May.", "Exports shrank by 4% in May."),
    ("The fund made a profit in 2020.", "The fund made a loss in 2020."),
    ("Sweden lost land in Germany.", "Sweden gained land in Germany, while the Emperor lost much of his power."),
    ("Prices rose to 5 euros in May.", "Prices were unchanged at 5 euros in May."),
    # Frequency, order, polarity, verbs
    ("Lactic acidosis is common.", "Lactic acidosis is a rare but serious side effect."),
    ("The usual dose is 500 mg once daily.", "The usual dose is 500 mg twice daily."),
    ("She was the second woman to win a Nobel Prize.", CURIE),
    ("Take the tablets before meals every day.", "Take the tablets after meals every day."),
    ("The first train leaves platform 4.", "The last train leaves platform 4."),
    ("Early repayment is free.", "Early repayment costs 1 % of the remaining sum."),
    ("The committee rejected the proposal.", "The committee accepted the proposal."),
    ("Norway lost the final in Rome.", "Norway won the final in Rome."),
    ("Acme sold the factory in Leeds.", "Acme bought the factory in Leeds."),
    ("The shop closes at noon on Fridays.", "The shop opens at noon on Fridays."),
    ("The festival ends on Friday.", "The festival starts on Friday."),
    ("Breakfast is excluded from the price.", "Breakfast is included in the price."),
    ("The jury found the defendant guilty.", "The jury found the defendant innocent."),
    ("The test for antibodies was positive.", "The test for antibodies was negative."),
    ("The senator opposed the bill in 2019.", "The senator supported the bill in 2019."),
    ("The lid became 900 grams lighter in July.", "The lid became 900 grams heavier in July."),
    ("Bread is cheaper in the village shop.", "Bread is dearer in the village shop."),
    ("The court shortened the deadline in May.", "The court extended the deadline in May."),
    ("The upper limit applies to households.", "The lower limit applies to households."),
]

UNSUPPORTED = [
    ("Pets are not allowed under any circumstances.", LEASE),
    ("Pets are allowed.", LEASE),
    ("The landlord can end the lease with three months' notice.", LEASE),
    ("Pierre Curie was her brother.", CURIE),
    ("Two-factor authentication is mandatory.", LOGIN),
    ("The buyer pays the cost of delivery.", "The seller pays the cost of delivery."),
    ("The employer must give notice in writing.", "The employee must give notice in writing."),
    ("The defendant appealed the ruling.", "The plaintiff appealed the ruling."),
    ("Her father was a carpenter.", "Her mother was a carpenter."),
    ("Dana Whitfield is the CFO.", "Dana Whitfield is the CEO."),
    ("All patients recovered within a week.", "Most patients recovered within a week."),
    ("Most students passed the exam.", "Some students passed the exam."),
    ("Members must attend the meeting.", "Members may attend the meeting."),
    ("The village lies in southern Norway.", "The village lies in northern Norway."),
    ("The shop is open in the morning.", "The shop is open in the afternoon."),
    ("The bridge was painted red in 1990.", "The bridge was painted green in 1990."),
    ("The museum no longer charges for entry.", "The museum charges for entry."),
    ("Late fees are refunded.", "Late fees are not refunded unless the bank was at fault."),
    ("The fee is due in July each year.", "The fee is due in June each year."),
    ("Guests are served lunch in the garden.", "Guests are served breakfast in the garden."),
    ("Reports are published monthly.", "Reports are published quarterly."),
]

NOTHING = [
    # The same, in other words
    ("You can return items within 30 days of delivery.", POLICY),
    ("We don't refund shipping costs.", POLICY),
    ("Gift cards are not returnable.", POLICY),
    ("Gift cards may not be returned.", POLICY),
    ("Returning gift cards is not possible.", POLICY),
    ("Refunds are issued within 5 days.", POLICY),
    ("Acme's revenue grew 12% year over year.", RESULTS),
    ("Net income dropped from $355 million to $310 million.", RESULTS),
    ("The tenant can end the lease with three months' notice.", LEASE),
    ("You may keep pets if the landlord agrees in writing.", LEASE),
    ("Pets are not allowed without the landlord's consent.", LEASE),
    ("Subletting is not permitted.", LEASE),
    ("Subletting is forbidden.", LEASE),
    ("Marie Curie and her husband Pierre shared a Nobel Prize.", CURIE),
    ("She was the first woman to win a Nobel Prize.", CURIE),
    ("An administrator can unlock the account.", LOGIN),
    ("Two-factor authentication is optional.", LOGIN),
    ("The drug isn't unsafe during pregnancy.", "The drug is safe during pregnancy."),
    ("It is not prohibited to park on the lawn.", "Parking on the lawn is allowed."),
    ("Registration is required.", "Registration is not optional."),
    ("Customers may return items within 30 days.", "Items must be returned within 30 days."),
    ("Some patients recovered.", "All patients recovered."),
    ("Prices did not rise in May.", "Prices fell in May."),
    ("Head coverings are expressly prohibited by the policy.", "The policy prohibits head coverings."),
    ("The offer was not wanted or needed.", "The offer was neither wanted nor needed."),
    ("It is not necessary for the student to repeat the course.", "The student does not have to repeat the course."),
    ("The assembly was not held.", "No such assembly was ultimately held."),
    ("The police did not find explosives.", "The police found no trace of explosives."),
    ("The work is not complete.", "The work is far from complete."),
    ("The film was shot in 1994.", "The film was shot in 1994, but was banned in China."),
    ("The mall is not appealing.", "The mall is the least appealing of the three."),
    ("Halle and Alyssa are sisters.", "She has two daughters, Halle and Alyssa."),
    # Both are said, of different times or things
    ("Shares rose 3% on Monday.", "Shares rose 3% on Monday, after they fell 2% on Friday."),
    ("Shares fell 2% on Friday.", "Shares rose 3% on Monday, after they fell 2% on Friday."),
    ("Net income fell and revenue rose.", "Revenue rose while net income fell."),
    ("Profits grew in Asia.", "Profits grew in Asia but fell in Europe."),
    ("Profits fell in Europe.", "Profits grew in Asia but fell in Europe."),
    ("The shop opens at 9.", "The shop closes at 17. The shop opens at 9."),
    ("Anna is the sister of Ben.", "Ben is the brother of Anna."),
    ("Anna is Ben's mother.", "Ben, Anna's son, lives in Oslo."),
    ("The left wing was built in 1900.", "The right wing was built in 1850 and the left wing in 1900."),
    ("The second train leaves at 9.", "The first train leaves at 8. The second train leaves at 9."),
    ("Children may enter the pool.", "Children may enter the pool. Dogs may not enter the pool."),
    ("Dogs may not enter the pool.", "Children may enter the pool. Dogs may not enter the pool."),
    ("Berlin is larger than Munich.", "Munich is smaller than Berlin."),
    ("The war ended before the election.", "The election took place after the war ended."),
    ("The tenant pays the rent to the landlord.", "The landlord receives the rent from the tenant."),
    ("Ravi sold the car to Kim.", "Kim bought the car from Ravi."),
    ("The buyer pays for delivery.", "The seller arranges delivery and the buyer pays for it."),
    ("Profits fell.", "Profits grew in Asia but fell in Europe."),
    ("The firm does not reimburse parking fees.", "The firm reimburses tickets but not parking fees."),
    ("The Emperor lost power.", "Sweden gained power, while the Emperor lost much of his power."),
    ("The wireless network is free.", "The wireless network is free of charge."),
    # Not denied as a whole, not said to be so
    ("The drug lowers blood pressure.", "The drug not only lowers blood pressure but also helps sleep."),
    ("The minister resigned.", "The minister denied reports that he had not resigned."),
    ("The plant will close in May.", "The minister doubts that the plant will not close in May."),
    ("Some dogs bark.", "Not all dogs bark."),
    ("The factory is closed.", "If demand falls, the factory is open on Sundays."),
    ("Prices rose in 2020.", "Analysts had expected that prices would fall in 2020."),
    ("The company paid the fine.", "It is unclear whether the company paid the fine or not."),
    ("The company paid the fine.", "The report does not say that the company paid the fine."),
    ("The bridge is safe.", "Is the bridge not safe?"),
    ("The bridge is open.", "No doubt the bridge is open."),
    ("The refund takes five days.", "The refund takes no more than five days."),
    ("Anna won the race.", "No other than Anna won the race."),
    ("No, the bridge is open to cars.", "The bridge is open to cars."),
    ("She was not the only winner.", "She was one of the winners."),
    ("The law allowed three exceptions.", "The law allowed three exceptions."),
    ("Cans may rust in May.", "In May cans may rust."),
    ("The rate is not higher than 5%.", "The rate is 5%."),
    ("Acme did not disclose the price of the deal.", "Acme bought Globex. The price was high."),
    # Of something else
    ("Shares fell in Tokyo.", "Bond yields rose in Tokyo."),
    ("The warranty covers theft.", "The warranty does not cover water damage."),
    ("Gold prices fell on Monday.", "Oil prices rose on Monday, and gold was little changed."),
    ("Globex's shares fell 3%.", RESULTS),
    ("The museum is free for children.", "The museum costs 10 euros for adults."),
    ("The red line runs to the airport.", "The blue line runs to the harbour."),
    ("The blue square is above the red circle.", "The red circle is below the green square. The blue square is large."),
    (
        "Sweden is connected to Denmark.",
        "Sweden is a country. It borders Finland and is connected to Denmark by a bridge.",
    ),
    ("Students pay the lower fee.", "Visitors pay the higher fee."),
    ("Lactic acidosis is serious.", "Lactic acidosis is a rare but serious side effect."),
]
