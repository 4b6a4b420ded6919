/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.dns;

/**
 * One MX record as DNS has it (RFC 1035 §3.3.9).
 *
 * @param preference 0 to 65535, lower is better
 * @param host the target, lower case, without a trailing dot; empty for the root {@code .} of a null MX (RFC 7505)
 */
public record MxRecord(int preference, String host) {}
