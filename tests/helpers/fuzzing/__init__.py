"""Evidence that something has happened to: made from real samples, read and judged in this process, and looked after.

seeds               small real captures, reports and logs
capture_damage      what happens to captures
text_damage         what happens to reports and logs
inputs              one folder of damaged evidence
walk                what a classic or block capture holds, read plainly
attempt             one input read, judged and drawn, and what is wrong with how that went
"""
