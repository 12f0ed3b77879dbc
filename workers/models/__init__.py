"""Language models, behind one protocol.

model.py     the protocol: messages and tools in, deltas out, and every way in which it may fail
events.py    server-sent events, split anywhere, to their data
gather.py    deltas to the whole reply
price.py     what an answer costs
wire.py      chat completions as bytes, both ways
openai.py    a client of OpenAI, vLLM, Ollama and others; the only module that knows httpx
fallback.py  several models, the next one where one cannot answer
"""
