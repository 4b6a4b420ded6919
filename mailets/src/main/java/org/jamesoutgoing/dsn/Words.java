/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.dsn;

/**
 * The part of a DSN that is for a person. All that templates and languages may decide: the machine-readable parts never
 * come from words.
 *
 * @param subject without line breaks; any script
 * @param text lines ended by {@code \n}; any script
 */
record Words(String subject, String text) {}
