"""The act log (行为日志): every act with its exact bytes, put into one order, hashed into one tree."""
