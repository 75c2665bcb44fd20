"""The holidays of the State Council's yearly notice, in its order."""

NOTICED = ["元旦", "春节", "清明节", "劳动节", "端午节", "中秋节", "国庆节"]
FIXED = {"元旦": (1, 1), "劳动节": (5, 1), "国庆节": (10, 1)}  # month and day that is always off
SHORT = {"清明": "清明节", "端午": "端午节", "中秋": "中秋节", "五一": "劳动节", "国庆": "国庆节"}
