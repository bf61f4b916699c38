import { maskedAddress } from './masked.js';

it.each([
  ['jane.doe@example.org', 'j*******@e******.org'],
  ['jo@example.org', '**@e******.org'],
  ['j@ex.co.uk', '*@**.**.uk'],
  ['jane@mail.example.org', 'j***@m***.e******.org'],
  ['jane@localhost', 'j***@localhost'],
])('shows of %p only %p', (address, shown) => {
  expect(maskedAddress(address)).toBe(shown);
});
